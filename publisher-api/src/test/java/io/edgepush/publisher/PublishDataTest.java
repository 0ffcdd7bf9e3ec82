package io.edgepush.publisher;

import static io.edgepush.publisher.ApiClient.ok;
import static io.edgepush.publisher.ApiClient.topic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PublishDataTest extends ApiTest {

  @Test
  void jsonIsPassedOnAsItIs() {
    JsonNode published = ok(post("orders.42", "application/json", "\n{ \"a\":[1,\r\n2.50] }\n"));
    assertEquals("orders.42", published.get("topic").asString());
    assertTrue(
        client
            .get("/v1/topics/orders.42/events")
            .body()
            .contains(",\"data\":{ \"a\":[1,  2.50] }}"));
    assertEquals(published.get("id"), history("orders.42").getFirst().get("id"));
  }

  @ParameterizedTest
  @CsvSource({"text/plain", "text/html; charset=utf-8", "text/csv;charset=US-ASCII"})
  void textBecomesAJsonString(String type) {
    String text = "say \"hi\"\n\u0000 é😀";
    ok(post("a", type, text));
    JsonNode event = history("a").getFirst();
    assertEquals(text, event.get("data").asString());
    assertFalse(event.has("encoding"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/octet-stream",
        "image/png",
        "application/octet-stream;charset=utf-16"
      })
  void anythingElseIsPassedOnAsBytes(String type) {
    byte[] bytes = {0, 1, 2, -1};
    ok(client.post(topic("a"), type, BodyPublishers.ofByteArray(bytes)));
    ok(client.send(client.to(topic("a")).POST(ApiClient.chunked(bytes))));
    for (JsonNode event : history("a")) {
      assertEquals(
          "base64 AAEC/w==", event.get("encoding").asString() + " " + event.get("data").asString());
    }
    assertEquals(2, history("a").size());
  }

  @Test
  void anEmptyBodyIsEmptyTextOrNoBytesButNoJson() {
    ok(post("a", "text/plain", ""));
    ok(client.send(client.to(topic("a")).POST(BodyPublishers.noBody())));
    assertEquals("", history("a").get(0).get("data").asString());
    assertEquals("base64", history("a").get(1).get("encoding").asString());
    ApiClient.assertProblem("malformed", "", post("b", "application/json", ""));
  }

  @Test
  void typeAndKeyComeFromTheQuery() {
    ok(
        client.post(
            topic("a") + "?key=%C3%A9+1&type=order.created",
            "text/plain",
            BodyPublishers.ofString("x")));
    JsonNode event = history("a").getFirst();
    assertEquals("é 1", event.get("key").asString());
    assertEquals("order.created", event.get("type").asString());
  }

  @Test
  void theIdempotencyKeyHeaderIsTheEventsId() {
    JsonNode first =
        ok(
            client.post(
                topic("a"), "text/plain", BodyPublishers.ofString("x"), "Idempotency-Key", "k"));
    JsonNode second =
        ok(
            client.post(
                topic("a"), "text/plain", BodyPublishers.ofString("x"), "Idempotency-Key", "k"));
    assertEquals(first.get("id"), second.get("id"));
    assertTrue(second.get("duplicate").asBoolean());
    assertEquals(1, history("a").size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/books/1?x=1&y=2#z",
        "chat:lobby",
        "events",
        "a;b=c",
        "100%",
        "a+b",
        "..",
        "~!$'()[]|^`"
      })
  void anyTopicFitsIntoThePath(String name) {
    assertEquals(name, ok(post(name, "text/plain", "x")).get("topic").asString());
    assertEquals(name, history(name).getFirst().get("topic").asString());
    assertEquals(1, ok(client.get(topic(name))).get("retained").asInt());
  }

  @Test
  void charactersOfATopicThatPathsPermitNeedNoEscape() throws IOException {
    try (RawClient raw = new RawClient(server.port())) {
      raw.write(
          RawClient.head(
                  "POST /v1/topics/a;b=c:d@e,f+g!$'() HTTP/1.1",
                  "Content-Type: text/plain",
                  "Content-Length: 1")
              + "x");
      assertEquals(200, raw.read().status());
    }
    assertEquals("a;b=c:d@e,f+g!$'()", backplane.published().getFirst().topic().name());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "%20", "a%00", "%2A", "a%7B", "%C3%A9", "%ff", "%5C", "a%22", "%", "%2", "%zz", "a%2gb",
        "%-1"
      })
  void aTopicThatIsNoneIsRefused(String segment) throws IOException {
    for (String request :
        new String[] {
          "POST /v1/topics/%s HTTP/1.1",
          "GET /v1/topics/%s HTTP/1.1",
          "GET /v1/topics/%s/events?limit=1 HTTP/1.1",
          "DELETE /v1/topics/%s/events HTTP/1.1"
        }) {
      try (RawClient raw = new RawClient(server.port())) {
        raw.write(
            RawClient.head(
                request.replace("%s", segment), "Content-Type: text/plain", "Content-Length: 0"));
        RawClient.Answer answer = raw.read();
        ApiClient.assertProblem(
            "invalid-topic",
            "topic",
            answer.status(),
            answer.headers().get("content-type"),
            answer.body());
      }
    }
    assertEquals(0, backplane.published().size());
  }

  @Test
  void whatIsWrongIsNamed() {
    assertRefused("forbidden", "topic", post("private", "text/plain", "x"));
    assertRefused("malformed", "", post("a", "application/json", "{\"a\":1}}"));
    assertRefused("malformed", "a", post("a", "application/json", "{\"a\":1,\"a\":2}"));
    assertRefused(
        "malformed",
        "",
        client.post(topic("a"), "text/plain", BodyPublishers.ofByteArray(new byte[] {-1})));
    assertRefused(
        "unsupported-media-type", "Content-Type", post("a", "text/plain;charset=iso-8859-1", "x"));
    assertRefused("unsupported-media-type", "Content-Type", post("a", "text", "x"));
    assertRefused("too-large", "data", post("a", "text/plain", "x".repeat(64 * 1024 - 1)));
    assertRefused(
        "too-large", "data", post("a", "application/octet-stream", "x".repeat(64 * 1024 + 1)));
    assertRefused(
        "too-large", "", post("a", "application/octet-stream", "x".repeat((4 << 20) + 1)));
    byte[] huge = "x".repeat((4 << 20) + 1).getBytes(StandardCharsets.US_ASCII);
    assertRefused("too-large", "", client.post(topic("a"), "text/plain", ApiClient.chunked(huge)));
  }

  @ParameterizedTest
  @CsvSource({
    "unknown-field,id,id=1",
    "invalid-field,type,type=a&type=a",
    "invalid-field,type,type=%00",
    "invalid-field,key,key=%ff",
    "invalid-field,key,key=a%0Ab"
  })
  void aQueryThatIsWrongIsRefused(String code, String field, String query) {
    assertRefused(
        code,
        field,
        client.post(topic("a") + "?" + query, "text/plain", BodyPublishers.ofString("x")));
  }

  @Test
  void aTypeAndAKeyHaveABound() {
    String query = "?type=" + "t".repeat(201);
    assertRefused(
        "invalid-field",
        "type",
        client.post(topic("a") + query, "text/plain", BodyPublishers.ofString("x")));
    query = "?key=" + "t".repeat(201);
    assertRefused(
        "invalid-field",
        "key",
        client.post(topic("a") + query, "text/plain", BodyPublishers.ofString("x")));
  }

  private HttpResponse<String> post(String name, String type, String body) {
    return client.post(topic(name), type, BodyPublishers.ofString(body));
  }
}
