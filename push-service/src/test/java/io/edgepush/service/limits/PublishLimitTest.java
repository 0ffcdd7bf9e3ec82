package io.edgepush.service.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawWebSocket;
import io.edgepush.service.input.RawWebSocket.ServerFrame;
import io.edgepush.service.testing.RedisServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Publishes a second of one key: below the limit, over it, and afterwards; alone and by Redis. */
class PublishLimitTest {
  private static final int RATE = 40;

  @RegisterExtension static final RedisServer REDIS = new RedisServer();

  private static HttpAnswer publish(LiveNode node, String body) throws IOException {
    return LiveNode.exchange(
        node.privatePort(),
        HttpText.withBody("POST /v1/events", body, "Content-Type: application/json"));
  }

  private static final String EVENT = "{\"topic\":\"a\",\"data\":1}";

  private static HttpAnswer over(LiveNode node, LiveNode... others) throws IOException {
    for (int i = 0; i < 3 * RATE; i++) {
      HttpAnswer answer = publish(i % 2 == 0 || others.length == 0 ? node : others[0], EVENT);
      if (answer.status() != 200) {
        return answer;
      }
    }
    throw new AssertionError("nothing was refused");
  }

  private static void assertLimited(HttpAnswer answer) {
    assertEquals(429, answer.status(), answer.text());
    assertEquals("\"publishes-per-second\";q=" + RATE + ";w=1", answer.header("ratelimit-policy"));
    assertEquals("\"publishes-per-second\";r=0;t=1", answer.header("ratelimit"));
    assertEquals("1", answer.header("retry-after"));
    assertTrue(answer.json().path("retryAfterMs").asLong() > 0);
  }

  @Test
  void aNodeAloneCountsByItself() throws IOException {
    try (LiveNode node = LiveNode.development("--publishes-per-second=" + RATE)) {
      Steady.below(RATE, _ -> assertEquals(200, publish(node, EVENT).status()));
      HttpAnswer refused = over(node);
      assertLimited(refused);
      Steady.pause(refused.json().path("retryAfterMs").asLong());
      HttpAnswer served = publish(node, EVENT);
      assertEquals(200, served.status());
      assertTrue(served.header("ratelimit").startsWith("\"publishes-per-second\";r="));
      assertTrue(
          ConnectionLimitsTest.metric(node, "push_limited_total{limit=\"publishes-per-second\"}")
              >= 1);
    }
  }

  @Test
  void aWebSocketPublishesWithinTheSameLimitAndIsToldWhenToComeBack() throws IOException {
    try (LiveNode node = LiveNode.development("--publishes-per-second=" + RATE);
        RawWebSocket socket = new RawWebSocket(node.port(), "")) {
      Steady.below(
          RATE,
          i -> {
            socket.send(message(i));
            assertEquals(i, socket.next("ack").path("ref").asInt());
          });
      for (int i = 0; i < 10 * RATE; i++) {
        socket.send(message(i));
      }
      JsonNode error = socket.next("error");
      assertEquals("too-many-requests", error.path("code").asText());
      assertTrue(error.path("ref").isInt());
      for (int answered = error.path("ref").asInt(); answered < 10 * RATE - 1; ) {
        ServerFrame frame = socket.nextFrame();
        JsonNode answer = HttpAnswer.read(frame.opcode() == 1 ? frame.text() : "{}");
        answered = Math.max(answered, answer.path("ref").asInt());
        error = answer.path("type").asText().equals("error") ? answer : error;
      }
      Steady.pause(error.path("retryAfterMs").asLong());
      socket.send(message(1_000_000));
      JsonNode answer = socket.next("ack");
      while (answer.path("ref").asInt() != 1_000_000) {
        answer = socket.next("ack"); // of the burst: acks and errors have no order among them
      }
    }
  }

  private static String message(int ref) {
    return "{\"type\":\"publish\",\"ref\":" + ref + ",\"event\":" + EVENT + "}";
  }

  private static LiveNode onRedis(String prefix) {
    return LiveNode.development(
        "--publishes-per-second=" + RATE, "--redis=" + REDIS.uri(), "--redis-key-prefix=" + prefix);
  }

  @Test
  void nodesOnOneRedisCountTogether() throws IOException {
    try (LiveNode one = onRedis("together");
        LiveNode two = onRedis("together")) {
      Steady.below(RATE, i -> assertEquals(200, publish(i % 2 == 0 ? one : two, EVENT).status()));
      HttpAnswer refused = over(one, two);
      assertLimited(refused);
      Steady.pause(refused.json().path("retryAfterMs").asLong());
      assertEquals(200, publish(one, batch(4 * RATE)).status()); // what it took is owed by both
      assertEquals(429, publish(one, EVENT).status());
      HttpAnswer other = publish(two, EVENT);
      assertEquals(429, other.status());
      Steady.pause(other.json().path("retryAfterMs").asLong());
      assertEquals(200, publish(two, EVENT).status());
    }
  }

  private static String batch(int size) {
    return "[" + (EVENT + ",").repeat(size - 1) + EVENT + "]";
  }

  @Test
  void aBatchThatTakesTooMuchIsPaidOffAfterwards() throws IOException {
    try (LiveNode node = onRedis("batch")) {
      HttpAnswer first = publish(node, batch(2 * RATE));
      assertEquals(200, first.status(), first.text());
      assertEquals("\"publishes-per-second\";r=0;t=1", first.header("ratelimit"));
      HttpAnswer refused = publish(node, EVENT);
      assertEquals(429, refused.status());
      long wait = refused.json().path("retryAfterMs").asLong();
      assertTrue(wait > 500, "two seconds' worth was taken, so one is owed; got " + wait);
      Steady.pause(wait);
      assertEquals(200, publish(node, EVENT).status());
    }
  }

  @Test
  void whileRedisIsAwayEachNodeCountsAlone() throws IOException {
    try (RedisServer lost = new RedisServer()) {
      lost.start();
      String[] options = {
        "--publishes-per-second=" + RATE, "--redis=" + lost.uri(), "--redis-key-prefix=lost"
      };
      try (LiveNode node = LiveNode.development(options)) {
        assertEquals(200, publish(node, EVENT).status());
        lost.kill();
        List<Integer> statuses = new ArrayList<>();
        while (!statuses.contains(429)) {
          statuses.add(publish(node, EVENT).status());
          assertTrue(statuses.size() < 10 * RATE, "nothing was refused: " + statuses);
        }
        assertTrue(statuses.contains(503), statuses.toString());
        assertTrue(ConnectionLimitsTest.metric(node, "push_limits_local_total") >= RATE);
      }
    }
  }
}
