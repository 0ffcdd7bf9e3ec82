package io.edgepush.publisher;

import static io.edgepush.publisher.ApiClient.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class HistoryTest extends ApiTest {

  @Test
  void pagesCoverTheHistoryFromTheOldestOn() {
    publish(0, 5);
    List<Integer> seen = new ArrayList<>();
    JsonNode page = page("?limit=2");
    seen.addAll(data(page));
    assertTrue(page.get("more").asBoolean());
    page = page("?limit=2&after=" + page.get("cursor").asString());
    seen.addAll(data(page));
    assertTrue(page.get("more").asBoolean());
    page = page("?limit=2&after=" + page.get("cursor").asString());
    seen.addAll(data(page));
    assertFalse(page.get("more").asBoolean());
    assertTrue(page.get("gap").isNull());
    assertEquals(List.of(0, 1, 2, 3, 4), seen);

    String end = page.get("cursor").asString();
    page = page("?after=" + end);
    assertEquals(List.of(), data(page));
    assertEquals(end, page.get("cursor").asString());
    publish(5, 6);
    assertEquals(List.of(5), data(page("?after=" + end)));
  }

  @Test
  void aPageBeginsBehindAnEventsId() {
    publish(0, 3);
    String first = history("a").getFirst().get("id").asString();
    assertEquals(List.of(1, 2), data(page("?after=" + first)));
    assertEquals(
        List.of(1, 2),
        data(page("?after=" + URLEncoder.encode(first + ",1:abc:5-0", StandardCharsets.UTF_8))));
  }

  @Test
  void aTopicWithoutEventsHasAnEmptyHistoryThatCanBeReadOn() {
    JsonNode page = page("");
    assertEquals(List.of(), data(page));
    assertFalse(page.get("more").asBoolean());
    assertTrue(page.get("gap").isNull());
    publish(0, 1);
    assertEquals(List.of(0), data(page("?after=" + page.get("cursor").asString())));
  }

  @Test
  void aHundredEventsAreAPageAndAThousandTheLargest() {
    publish(0, 900);
    publish(900, 1_000);
    assertEquals(IntStream.range(0, 100).boxed().toList(), data(page("")));
    assertEquals(1_000, page("?limit=1000").get("events").size());
  }

  @Test
  void aLargePageEndsEarlyAndSaysSo() {
    String text = "x".repeat(60_000);
    for (int i = 0; i < 100; i++) {
      ok(client.events("{\"topic\":\"a\",\"data\":\"" + text + "\",\"key\":\"" + i + "\"}"));
    }
    List<Integer> seen = new ArrayList<>();
    JsonNode page = page("?limit=1000");
    assertTrue(page.get("more").asBoolean());
    assertTrue(page.toString().length() < HistoryRoutes.MAX_ANSWER_BYTES + 64 * 1024 + 1_024);
    page.get("events").forEach(e -> seen.add(e.get("key").asInt()));
    page = page("?limit=1000&after=" + page.get("cursor").asString());
    assertFalse(page.get("more").asBoolean());
    page.get("events").forEach(e -> seen.add(e.get("key").asInt()));
    assertEquals(IntStream.range(0, 100).boxed().toList(), seen);
  }

  @Test
  void whatIsLostBehindAfterIsAGap() {
    publish(0, 2);
    String first = history("a").getFirst().get("id").asString();
    JsonNode state = ok(client.delete("/v1/topics/a/events"));
    assertEquals(0, state.get("retained").asInt());
    publish(2, 3);

    JsonNode page = page("?after=" + first);
    assertEquals(List.of(2), data(page));
    JsonNode gap = page.get("gap");
    assertEquals("a", gap.get("topic").asString());
    assertEquals(first, gap.get("from").asString());
    assertEquals(state.get("last").asString(), gap.get("to").asString());
    assertEquals("retention", gap.get("reason").asString());
    assertTrue(page("").get("gap").isNull());
  }

  @Test
  void anUnknownEpochIsAGapAndEverythingRetainedFollows() {
    publish(0, 2);
    JsonNode page = page("?after=0:another:1763800000000-3");
    assertEquals(List.of(0, 1), data(page));
    assertEquals("epoch", page.get("gap").get("reason").asString());
  }

  @Test
  void theStateTellsTheLastIdAndTheCounts() {
    publish(0, 3);
    publish("b", 0, 1);
    JsonNode state = ok(client.get("/v1/topics/a"));
    assertEquals("a", state.get("topic").asString());
    assertEquals(history("a").getLast().get("id"), state.get("last"));
    assertEquals(3, state.get("retained").asInt());
    assertEquals(ApiServer.SUBSCRIBERS, state.get("localSubscribers").asLong());
  }

  @Test
  void purgingDropsTheHistoryOfTheTopicAlone() {
    publish(0, 3);
    publish("b", 0, 1);
    String last = history("a").getLast().get("id").asString();
    JsonNode purged = ok(client.delete("/v1/topics/a/events"));
    assertEquals(0, purged.get("retained").asInt());
    assertEquals(last, purged.get("last").asString());
    assertEquals(ApiServer.SUBSCRIBERS, purged.get("localSubscribers").asLong());
    assertEquals(List.of(), history("a"));
    assertEquals(1, history("b").size());
  }

  @Test
  void whatChangesIsNotToBeStored() {
    for (HttpResponse<String> answer :
        List.of(
            client.get("/v1/topics/a"),
            client.get("/v1/topics/a/events"),
            client.delete("/v1/topics/a/events"))) {
      assertEquals("no-store", answer.headers().firstValue("cache-control").orElse(""));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1001", "-1", "+1", "1.0", "ten", "", "99999999999", "%D9%A1"})
  void aLimitThatIsNoneIsRefused(String limit) {
    assertRefused("invalid-field", "limit", client.get("/v1/topics/a/events?limit=" + limit));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "0:abc",
        "0:abc:1",
        "0:abc:1-2-3",
        "99999:abc:1-2",
        "0:a_c:1-2",
        "1:abc:1-2",
        "0:abc:1-2,0:abc:1-3",
        "0:abc:1-2,",
        "-1:abc:1-2"
      })
  void anAfterThatIsNoneIsRefused(String after) {
    assertRefused("invalid-cursor", "after", client.get("/v1/topics/a/events?after=" + after));
  }

  @Test
  void otherParametersAreRefused() {
    assertRefused("unknown-field", "cursor", client.get("/v1/topics/a/events?cursor=x"));
    assertRefused("unknown-field", "limit", client.get("/v1/topics/a?limit=1"));
    assertRefused("unknown-field", "force", client.delete("/v1/topics/a/events?force"));
    assertRefused("invalid-field", "limit", client.get("/v1/topics/a/events?limit=1&limit=1"));
  }

  @Test
  void whatTheCallerMayNotDoIsRefused() {
    assertRefused("forbidden", "topic", client.get("/v1/topics/private"));
    assertRefused("forbidden", "topic", client.get("/v1/topics/private/events"));
    assertRefused("forbidden", "topic", client.delete("/v1/topics/private/events"));
  }

  private void publish(int from, int to) {
    publish("a", from, to);
  }

  private void publish(String topic, int from, int to) {
    List<String> events =
        IntStream.range(from, to)
            .mapToObj(i -> "{\"topic\":\"" + topic + "\",\"data\":" + i + "}")
            .toList();
    ok(client.events("[" + String.join(",", events) + "]"));
  }

  private JsonNode page(String query) {
    return ok(client.get("/v1/topics/a/events" + query));
  }

  private static List<Integer> data(JsonNode page) {
    return page.get("events").values().stream().map(e -> e.get("data").asInt()).toList();
  }
}
