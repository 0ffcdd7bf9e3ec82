package io.edgepush.publisher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A stream of events, one a line. */
class EventStreamTest extends ApiTest {
  private HttpResponse<String> stream(BodyPublisher body) {
    return client.post("/v1/events", "application/x-ndjson", body);
  }

  private HttpResponse<String> stream(String body) {
    return stream(BodyPublishers.ofString(body));
  }

  private static String line(int n) {
    return "{\"topic\":\"a\",\"data\":" + n + ",\"id\":\"" + n + "\"}\n";
  }

  @Test
  void manyLinesAreStoredInOrderAndSummedUp() {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 2_500; i++) {
      body.append(line(i));
    }
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    JsonNode summary = ApiClient.ok(stream(ApiClient.chunked(bytes)));
    assertEquals(2_500, summary.get("lines").asInt());
    assertEquals(2_500, summary.get("stored").asInt());
    assertTrue(summary.get("complete").asBoolean());
    assertEquals(2_500, backplane.published().size());
    for (int i = 0; i < 2_500; i++) {
      assertEquals(
          Integer.toString(i),
          new String(backplane.published().get(i).content().data(), StandardCharsets.US_ASCII));
    }
    assertEquals(2_500, ApiClient.ok(stream(body.toString())).get("duplicates").asInt());
  }

  @Test
  void aLineThatIsWrongDoesNotEndTheStream() {
    HttpResponse<String> answer =
        stream(
            "\n"
                + line(1)
                + "rubbish\n"
                + "{\"topic\":\"private\",\"data\":1}\r\n  \n"
                + line(2).strip());
    assertEquals(207, answer.statusCode());
    JsonNode summary = ApiClient.json(answer);
    assertEquals(2, summary.get("stored").asInt());
    assertEquals(2, summary.get("failed").asInt());
    assertEquals(6, summary.get("lines").asInt());
    assertEquals(3, summary.get("errors").get(0).get("line").asInt());
    assertEquals("malformed", summary.get("errors").get(0).get("error").get("code").asString());
    assertEquals(4, summary.get("errors").get(1).get("line").asInt());
    assertEquals("topic", summary.get("errors").get(1).get("error").get("field").asString());
  }

  @Test
  void onlyAHundredErrorsAreTold() {
    JsonNode summary = ApiClient.json(stream(line(1) + "rubbish\n".repeat(500)));
    assertEquals(500, summary.get("failed").asInt());
    assertEquals(100, summary.get("errors").size());
  }

  @Test
  void whenNothingIsStoredTheFirstProblemIsTheAnswer() {
    ApiClient.assertProblem("malformed", "", stream("rubbish\n[]\n"));
    ApiClient.assertProblem("invalid-field", "", stream("\n \n"));
    ApiClient.assertProblem("invalid-field", "", stream(""));
  }

  @Test
  void aLineThatIsTooLongEndsTheStream() {
    String tooLong = "{\"topic\":\"a\",\"data\":\"" + "x".repeat(300_000) + "\"}\n";
    HttpResponse<String> answer = stream(line(1) + tooLong + line(2));
    assertEquals(207, answer.statusCode());
    assertFalse(ApiClient.json(answer).get("complete").asBoolean());
    ApiClient.assertProblem("too-large", "", stream(tooLong));
  }

  @Test
  void whatHasComeIsPublishedBeforeTheStreamEnds() throws Exception {
    CompletableFuture<HttpResponse<String>> answer;
    try (PipedOutputStream out = new PipedOutputStream()) {
      PipedInputStream in = new PipedInputStream(out);
      answer = CompletableFuture.supplyAsync(() -> stream(BodyPublishers.ofInputStream(() -> in)));
      for (int i = 1; i <= 3; i++) {
        write(out, line(i));
        int expected = i;
        await().until(() -> backplane.published().size() == expected);
      }
    }
    assertEquals(3, ApiClient.ok(answer.join()).get("stored").asInt());
  }

  private static void write(PipedOutputStream out, String line) throws IOException {
    // the client sends its buffer when it is full: blank lines fill it
    out.write((line + " \n".repeat(8_192)).getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
