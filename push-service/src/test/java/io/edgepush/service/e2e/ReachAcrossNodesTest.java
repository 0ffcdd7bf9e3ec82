package io.edgepush.service.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawWebSocket;
import io.edgepush.service.testing.RedisServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events for one session, for all but one, and for a while, through Redis to two nodes. */
class ReachAcrossNodesTest {
  @RegisterExtension static final RedisServer REDIS = new RedisServer();

  private static LiveNode one;
  private static LiveNode two;

  @BeforeAll
  static void start() {
    String[] options = {"--redis=" + REDIS.uri(), "--redis-key-prefix=reach"};
    one = LiveNode.development(options);
    two = LiveNode.development(options);
  }

  @AfterAll
  static void stop() {
    one.close();
    two.close();
  }

  private static String publish(String topic, int data, String members) throws IOException {
    String event = "{\"topic\":\"" + topic + "\",\"data\":" + data + members + "}";
    HttpAnswer answer =
        LiveNode.exchange(
            one.privatePort(),
            HttpText.withBody("POST /v1/events", event, "Content-Type: application/json"));
    assertEquals(200, answer.status(), answer.text());
    return answer.json().path("id").asText();
  }

  /** The data of all events up to the one that ends it. */
  private static List<Integer> until(RawWebSocket socket, int last) throws IOException {
    List<Integer> got = new ArrayList<>();
    while (got.isEmpty() || got.getLast() != last) {
      got.add(socket.next("event").path("event").path("data").asInt());
    }
    return got;
  }

  private static JsonNode poll(String topic, String cursor) throws IOException {
    return two.get("/subscribe?topic=" + topic + "&wait=0&cursor=" + cursor).json();
  }

  private static List<Integer> data(JsonNode events) {
    List<Integer> data = new ArrayList<>();
    events.forEach(event -> data.add(event.path("data").asInt()));
    return data;
  }

  @Test
  void anEventToASessionReachesThatOneOnItsNodeAndIsReplayedToNobody() throws IOException {
    try (RawWebSocket here = new RawWebSocket(one.port(), "?topic=to");
        RawWebSocket there = new RawWebSocket(two.port(), "?topic=to")) {
      String session = there.next("welcome").path("session").asText();
      String cursor = there.next("subscribed").path("cursor").asText();
      here.next("subscribed");
      String id = publish("to", 1, ",\"to\":{\"session\":\"" + session + "\"}");
      publish("to", 2, "");
      assertEquals(List.of(1, 2), until(there, 2));
      assertEquals(List.of(2), until(here, 2));
      JsonNode replayed = poll("to", cursor);
      assertEquals(List.of(2), data(replayed.path("events")));
      assertEquals(0, replayed.path("gaps").size());
      HttpAnswer history =
          LiveNode.exchange(
              one.privatePort(), HttpText.request("GET /v1/topics/to/events?after=" + cursor));
      assertEquals(List.of(2), data(history.json().path("events")));
      assertEquals(false, history.text().contains(id));
    }
  }

  @Test
  void anExcludedSessionGetsTheOthersOnly() throws IOException {
    try (RawWebSocket here = new RawWebSocket(one.port(), "?topic=not");
        RawWebSocket there = new RawWebSocket(two.port(), "?topic=not")) {
      String session = there.next("welcome").path("session").asText();
      there.next("subscribed");
      here.next("subscribed");
      publish("not", 1, ",\"exclude\":\"" + session + "\"");
      publish("not", 2, "");
      assertEquals(List.of(1, 2), until(here, 2));
      assertEquals(List.of(2), until(there, 2));
    }
  }

  @Test
  void anEventToASubjectReachesNobodyElse() throws IOException {
    try (RawWebSocket anybody = new RawWebSocket(two.port(), "?topic=subject")) {
      String cursor = anybody.next("subscribed").path("cursor").asText();
      publish("subject", 1, ",\"to\":{\"subject\":\"ada\"}");
      publish("subject", 2, "");
      assertEquals(List.of(2), until(anybody, 2));
      assertEquals(List.of(2), data(poll("subject", cursor).path("events")));
    }
  }

  @Test
  void whatHasExpiredIsReplayedToNobodyAndNoGapTellsOfIt() throws IOException {
    String cursor = poll("ttl", "").path("cursor").asText();
    try (RawWebSocket live = new RawWebSocket(two.port(), "?topic=ttl")) {
      live.next("subscribed");
      publish("ttl", 1, ",\"ttlMs\":1500");
      publish("ttl", 2, "");
      assertEquals(List.of(1, 2), until(live, 2));
    }
    Awaitility.await()
        .atMost(20, TimeUnit.SECONDS)
        .until(() -> data(poll("ttl", cursor).path("events")).equals(List.of(2)));
    assertEquals(0, poll("ttl", cursor).path("gaps").size());
  }
}
