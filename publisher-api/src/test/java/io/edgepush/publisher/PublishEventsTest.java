package io.edgepush.publisher;

import static io.edgepush.publisher.ApiClient.json;
import static io.edgepush.publisher.ApiClient.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PublishEventsTest extends ApiTest {

  @Test
  void oneEventIsStoredAndAnsweredWithItsId() {
    HttpResponse<String> answer =
        client.events(
            "{\"topic\":\"orders.42\",\"type\":\"order.created\",\"key\":\"42\",\"data\":{\"total\": 99.50},\"id\":\"8f2c\"}");
    JsonNode published = ok(answer);
    assertEquals("orders.42", published.get("topic").asString());
    assertFalse(published.has("duplicate"));
    assertEquals("application/json", answer.headers().firstValue("content-type").orElse(""));
    assertEquals(
        Integer.toString(answer.body().length()),
        answer.headers().firstValue("content-length").orElse(""));

    JsonNode stored = history("orders.42").getFirst();
    assertEquals(published.get("id"), stored.get("id"));
    assertEquals("order.created", stored.get("type").asString());
    assertEquals("42", stored.get("key").asString());
    assertTrue(
        client.get("/v1/topics/orders.42/events").body().contains("\"data\":{\"total\": 99.50}}"));
  }

  @Test
  void anArrayIsAnsweredInItsOrder() {
    JsonNode published =
        ok(
            client.events(
                """
        [{"topic":"a","data":1},
         {"topic":"https://example.com/books/1","data":"two"},
         {"topic":"files","encoding":"base64","data":"AAEC/w=="}]"""));
    assertEquals(3, published.size());
    assertEquals("https://example.com/books/1", published.get(1).get("topic").asString());
    assertEquals(3, new HashSet<>(published.findValuesAsString("id")).size());
    assertEquals("1", history("a").getFirst().get("data").toString());
    JsonNode file = history("files").getFirst();
    assertEquals("base64", file.get("encoding").asString());
    assertEquals("AAEC/w==", file.get("data").asString());
    assertEquals(published.get(2).get("id"), file.get("id"));
  }

  @Test
  void anArrayOfOneIsAnsweredWithAnArray() {
    JsonNode published = ok(client.events("[{\"topic\":\"a\",\"data\":null}]"));
    assertTrue(published.isArray());
    assertEquals(1, published.size());
  }

  @Test
  void aThousandEventsAreStoredInTheirOrder() {
    String events =
        String.join(
            ",",
            IntStream.range(0, 1_000)
                .mapToObj(i -> "{\"topic\":\"a\",\"data\":" + i + "}")
                .toList());
    assertEquals(1_000, ok(client.events("[" + events + "]")).size());
    assertEquals(
        IntStream.range(0, 1_000).boxed().toList(),
        history("a").stream().map(e -> e.get("data").asInt()).toList());
  }

  @Test
  void aChunkedBodyIsReadWhole() {
    String text = "é".repeat(30_000);
    byte[] body = ("{\"topic\":\"a\",\"data\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);
    ok(client.post("/v1/events", "application/json", ApiClient.chunked(body)));
    assertEquals(text, history("a").getFirst().get("data").asString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json;charset=utf-8",
        "application/json; charset=\"UTF-8\"",
        "Application/JSON",
        "application/json;profile=x",
        "application/vnd.shop+json"
      })
  void jsonMayBeNamedInManyWays(String type) {
    ok(client.post("/v1/events", type, BodyPublishers.ofString("{\"topic\":\"a\",\"data\":1}")));
  }

  @Test
  void someOfAnArrayMayFail() {
    HttpResponse<String> answer =
        client.events(
            """
        [{"topic":"a","data":1},{"topic":"a b","data":2},{"topic":"private.1","data":3},{"topic":"a","data":4,"tags":[]},
         {"topic":"a","data":5},7]""");
    assertEquals(207, answer.statusCode());
    JsonNode outcomes = json(answer);
    assertEquals(
        List.of(
            "stored",
            "invalid-topic [1].topic 400",
            "forbidden [2].topic 403",
            "unknown-field [3].tags 400",
            "stored",
            "malformed [5] 400"),
        shown(outcomes));
    assertEquals(List.of(1, 5), history("a").stream().map(e -> e.get("data").asInt()).toList());
    assertEquals(outcomes.get(4).get("id"), history("a").getLast().get("id"));
  }

  @Test
  void whenAllOfAnArrayFailTheAnswerIsTheProblemOfTheFirst() {
    JsonNode problem =
        assertRefused(
            "forbidden",
            "[0].topic",
            client.events("[{\"topic\":\"private.1\",\"data\":3},{\"topic\":\"a\"}]"));
    assertEquals(
        List.of("forbidden [0].topic 403", "invalid-field [1].data 400"),
        shown(problem.get("errors")));
  }

  private static List<String> shown(JsonNode outcomes) {
    List<String> shown = new ArrayList<>();
    for (JsonNode outcome : outcomes) {
      JsonNode error = outcome.path("error");
      shown.add(
          error.isMissingNode()
              ? "stored"
              : error.get("code").asString()
                  + " "
                  + error.get("field").asString()
                  + " "
                  + error.get("status").asInt());
    }
    return shown;
  }

  @Test
  void aRepeatWithTheSameIdIsAnsweredWithTheFirstOnesId() {
    String event = "{\"topic\":\"a\",\"data\":1,\"id\":\"x\"}";
    JsonNode first = ok(client.events(event));
    JsonNode second = ok(client.events(event));
    assertEquals(first.get("id"), second.get("id"));
    assertTrue(second.get("duplicate").asBoolean());
    assertEquals(1, history("a").size());
    assertNotEquals(
        first.get("id"), ok(client.events("{\"topic\":\"b\",\"data\":1,\"id\":\"x\"}")).get("id"));
  }

  @Test
  void aRepeatInOneArrayIsADuplicate() {
    String event = "{\"topic\":\"a\",\"data\":1,\"id\":\"x\"}";
    JsonNode both = ok(client.events("[" + event + "," + event + "]"));
    assertEquals(both.get(0).get("id"), both.get(1).get("id"));
    assertFalse(both.get(0).has("duplicate"));
    assertTrue(both.get(1).get("duplicate").asBoolean());
  }

  @Test
  void eventsWithoutIdAreNeverDuplicates() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      ids.add(ok(client.events("{\"topic\":\"a\",\"data\":1}")).get("id").asString());
    }
    assertEquals(3, ids.size());
  }

  @Test
  void theIdempotencyKeyHeaderIsTheEventsId() {
    String event = "{\"topic\":\"a\",\"data\":1}";
    JsonNode first = ok(client.events(event, "Idempotency-Key", "x"));
    assertEquals("x", backplane.published().getFirst().idempotencyKey());
    assertTrue(backplane.published().getFirst().keyGiven());
    JsonNode byId = ok(client.events("{\"topic\":\"a\",\"data\":1,\"id\":\"x\"}"));
    JsonNode byBoth =
        ok(client.events("{\"topic\":\"a\",\"data\":1,\"id\":\"x\"}", "idempotency-key", "x"));
    assertEquals(Set.of(first.get("id")), Set.of(byId.get("id")));
    assertTrue(byId.get("duplicate").asBoolean() && byBoth.get("duplicate").asBoolean());
  }

  @Test
  void anIdempotencyKeyThatCannotApplyIsRefused() {
    String event = "{\"topic\":\"a\",\"data\":1,\"id\":\"x\"}";
    assertRefused("invalid-field", "Idempotency-Key", client.events(event, "Idempotency-Key", "y"));
    assertRefused(
        "invalid-field",
        "Idempotency-Key",
        client.events("[" + event + "]", "Idempotency-Key", "x"));
    String plain = "{\"topic\":\"a\",\"data\":1}";
    assertRefused(
        "invalid-field",
        "Idempotency-Key",
        client.events(plain, "Idempotency-Key", "k".repeat(201)));
    assertRefused("invalid-field", "Idempotency-Key", client.events(plain, "Idempotency-Key", ""));
    assertRefused(
        "invalid-field",
        "Idempotency-Key",
        client.events(plain, "Idempotency-Key", "x", "Idempotency-Key", "x"));
  }
}
