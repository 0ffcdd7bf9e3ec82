package io.edgepush.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedEventsTest extends ApiTest {
  private static final String EVENT = "{\"topic\":\"a\",\"data\":1}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
      malformed     |               | ``
      malformed     |               | nonsense
      malformed     | data          | {"topic":"a","data":1
      malformed     |               | {"topic":"a","data":1} {}
      malformed     |               | "a"
      malformed     | data.x        | {"topic":"a","data":{"x":}}
      malformed     | topic         | {"topic":"a","topic":"a","data":1}
      malformed     | [1]           | [{"topic":"a","data":1},
      invalid-field |               | []
      unknown-field | payload       | {"topic":"a","data":1,"payload":1}
      invalid-field | topic         | {"data":1}
      invalid-field | data          | {"topic":"a"}
      invalid-field | topic         | {"topic":1,"data":1}
      invalid-field | type          | {"topic":"a","data":1,"type":null}
      invalid-field | key           | {"topic":"a","data":1,"key":[]}
      invalid-field | id            | {"topic":"a","data":1,"id":""}
      invalid-field | encoding      | {"topic":"a","data":"","encoding":"gzip"}
      invalid-field | data          | {"topic":"a","data":"A","encoding":"base64"}
      invalid-field | data          | {"topic":"a","data":{},"encoding":"base64"}
      invalid-topic | topic         | {"topic":"","data":1}
      invalid-topic | topic         | {"topic":"a b","data":1}
      invalid-topic | topic         | {"topic":"a\\"b","data":1}
      invalid-topic | topic         | {"topic":"a\\\\b","data":1}
      invalid-topic | topic         | {"topic":"*","data":1}
      invalid-topic | topic         | {"topic":"{a","data":1}
      invalid-topic | topic         | {"topic":"a}","data":1}
      invalid-topic | topic         | {"topic":"é","data":1}
      invalid-topic | topic         | {"topic":"\\u0001","data":1}
      forbidden     | topic         | {"topic":"private.1","data":1}
      """)
  void whatIsWrongIsNamed(String code, String field, String body) {
    assertRefused(code, field == null ? "" : field, client.events(body));
  }

  @Test
  void aTopicHasABound() {
    assertRefused(
        "invalid-topic",
        "topic",
        client.events("{\"topic\":\"" + "t".repeat(201) + "\",\"data\":1}"));
    assertEquals(
        200, client.events("{\"topic\":\"" + "t".repeat(200) + "\",\"data\":1}").statusCode());
  }

  @Test
  void dataHasABound() {
    String most = "x".repeat(64 * 1024 - 2);
    assertRefused(
        "too-large", "data", client.events("{\"topic\":\"a\",\"data\":\"" + most + "x\"}"));
    assertEquals(200, client.events("{\"topic\":\"a\",\"data\":\"" + most + "\"}").statusCode());
  }

  @Test
  void nestingHasABound() {
    String deep = "[".repeat(101) + "]".repeat(101);
    HttpResponse<String> answer = client.events("{\"topic\":\"a\",\"data\":" + deep + "}");
    assertTrue(ApiClient.json(answer).get("field").asString().startsWith("data[0]"), answer.body());
    assertRefused("invalid-field", ApiClient.json(answer).get("field").asString(), answer);
    assertEquals(
        200,
        client.events("{\"topic\":\"a\",\"data\":" + deep.substring(1, 201) + "}").statusCode());
  }

  @Test
  void anArrayHasABound() {
    assertRefused(
        "invalid-field", "[1000]", client.events("[" + EVENT + ("," + EVENT).repeat(1_000) + "]"));
  }

  @Test
  void textThatIsNotUtf8IsMalformed() {
    byte[] body = "{\"topic\":\"a\",\"data\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertRefused(
        "malformed",
        "",
        client.post("/v1/events", "application/json", BodyPublishers.ofByteArray(body)));
    byte[] wide = EVENT.getBytes(StandardCharsets.UTF_16LE);
    assertRefused(
        "malformed",
        "",
        client.post("/v1/events", "application/json", BodyPublishers.ofByteArray(wide)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1 << 20})
  void aBodyOverFourMebibytesIsTooLarge(int excess) {
    byte[] body = new byte[(4 << 20) + excess];
    Arrays.fill(body, (byte) ' ');
    System.arraycopy(EVENT.getBytes(StandardCharsets.US_ASCII), 0, body, 0, EVENT.length());
    assertRefused(
        "too-large",
        "",
        client.post("/v1/events", "application/json", BodyPublishers.ofByteArray(body)));
    assertRefused(
        "too-large", "", client.post("/v1/events", "application/json", ApiClient.chunked(body)));
    byte[] most = Arrays.copyOf(body, 4 << 20);
    assertEquals(
        200,
        client
            .post("/v1/events", "application/json", BodyPublishers.ofByteArray(most))
            .statusCode());
    assertEquals(
        200, client.post("/v1/events", "application/json", ApiClient.chunked(most)).statusCode());
  }

  @Test
  void aHugeBodyIsRefusedBeforeItIsSent() throws IOException {
    try (RawClient raw = new RawClient(server.port())) {
      raw.write(
          RawClient.head(
              "POST /v1/events HTTP/1.1",
              "Content-Type: application/json",
              "Content-Length: 99999999999"));
      assertRefused("too-large", raw.read());
      assertTrue(raw.ended());
    }
    try (RawClient raw = new RawClient(server.port())) {
      raw.write(
          RawClient.head(
              "POST /v1/events HTTP/1.1",
              "Content-Type: application/json",
              "Transfer-Encoding: chunked"));
      raw.write("7fffffff\r\n[");
      assertRefused("too-large", raw.read());
      assertTrue(raw.ended());
    }
  }

  @Test
  void aClientThatAsksFirstNeedNotSendWhatIsTooLarge() throws IOException {
    try (RawClient raw = new RawClient(server.port())) {
      raw.write(
          RawClient.head(
              "POST /v1/events HTTP/1.1",
              "Content-Type: application/json",
              "Content-Length: 5000000",
              "Expect: 100-continue"));
      assertRefused("too-large", raw.read());
      raw.write(
          RawClient.head(
              "POST /v1/events HTTP/1.1",
              "Content-Type: application/json",
              "Content-Length: " + EVENT.length(),
              "Expect: 100-continue"));
      assertEquals(100, raw.read().status());
      assertEquals(200, raw.write(EVENT).read().status());
    }
  }

  @Test
  void aBodyThatEndsEarlyIsMalformed() throws IOException {
    try (RawClient raw = new RawClient(server.port())) {
      raw.write(
          RawClient.head(
              "POST /v1/events HTTP/1.1", "Content-Type: application/json", "Content-Length: 100"));
      assertRefused("malformed", raw.write(EVENT).endOutput().read());
      assertTrue(raw.ended());
    }
  }

  @Test
  void chunksThatAreNotFramedAreMalformed() throws IOException {
    try (RawClient raw = new RawClient(server.port())) {
      raw.write(
          RawClient.head(
              "POST /v1/events HTTP/1.1",
              "Content-Type: application/json",
              "Transfer-Encoding: chunked"));
      assertRefused("malformed", raw.write("zz\r\n" + EVENT + "\r\n0\r\n\r\n").read());
      assertTrue(raw.ended());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/octet-stream",
        "application/yaml",
        "application/xml",
        "json",
        "/",
        "application/json;charset=iso-8859-1",
        "application/json; charset=utf-16"
      })
  void anotherMediaTypeIsNotSupported(String type) {
    assertRefused(
        "unsupported-media-type",
        "Content-Type",
        client.post("/v1/events", type, BodyPublishers.ofString(EVENT)));
  }

  @Test
  void aBodyOfNoMediaTypeIsNotSupported() {
    assertRefused(
        "unsupported-media-type",
        "Content-Type",
        client.send(client.to("/v1/events").POST(BodyPublishers.ofString(EVENT))));
  }

  @Test
  void aQueryParameterThatIsNotKnownIsRefused() {
    assertRefused(
        "unknown-field",
        "topic",
        client.post("/v1/events?topic=a", "application/json", BodyPublishers.ofString(EVENT)));
  }

  private void assertRefused(String code, RawClient.Answer answer) {
    ApiClient.assertProblem(
        code, "", answer.status(), answer.headers().get("content-type"), answer.body());
    assertEquals(List.of(), backplane.published());
  }
}
