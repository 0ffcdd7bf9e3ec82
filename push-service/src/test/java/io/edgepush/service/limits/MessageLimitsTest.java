package io.edgepush.service.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawWebSocket;
import io.edgepush.service.input.RawWebSocket.ServerFrame;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits on what a connection says: below them, over them, and afterwards. */
class MessageLimitsTest {
  private static final int RATE = 20;

  @Test
  void subscribesOfAConnection() throws IOException {
    try (LiveNode node = LiveNode.development("--subscribes-per-second=" + RATE);
        RawWebSocket socket = new RawWebSocket(node.port(), "")) {
      Steady.below(
          RATE,
          i -> {
            socket.send(subscribe(i, "steady." + i));
            assertEquals(i, socket.next("subscribed").path("ref").asInt());
          });
      JsonNode error = lastErrorOfABurst(socket);
      assertEquals("too-many-requests", error.path("code").asText());
      assertTrue(error.path("ref").isInt());
      Steady.pause(error.path("retryAfterMs").asLong());
      socket.send(subscribe(1_000_000, "after"));
      assertEquals(1_000_000, socket.next("subscribed").path("ref").asInt());
      assertTrue(
          ConnectionLimitsTest.metric(node, "push_limited_total{limit=\"subscribes-per-second\"}")
              >= 1);
    }
  }

  private static JsonNode lastErrorOfABurst(RawWebSocket socket) throws IOException {
    int burst = 3 * RATE;
    for (int i = 0; i < burst; i++) {
      socket.send(subscribe(i, "burst." + i));
    }
    JsonNode error = HttpAnswer.read("{}");
    for (int answers = 0; answers < burst; ) {
      ServerFrame frame = socket.nextFrame();
      JsonNode message = HttpAnswer.read(frame.opcode() == 1 ? frame.text() : "{}");
      error = message.path("type").asText().equals("error") ? message : error;
      answers += message.has("ref") ? 1 : 0;
    }
    return error;
  }

  private static String subscribe(int ref, String topic) {
    return "{\"type\":\"subscribe\",\"ref\":" + ref + ",\"topics\":[\"" + topic + "\"]}";
  }

  @Test
  void messagesOfAConnection() throws IOException {
    try (LiveNode node = LiveNode.development("--messages-per-second=" + RATE);
        RawWebSocket socket = new RawWebSocket(node.port(), "")) {
      Steady.below(
          RATE,
          i -> {
            socket.send("{\"type\":\"ping\",\"ref\":" + i + "}");
            assertEquals(i, socket.next("ack").path("ref").asInt());
          });
      for (int i = 0; i <= 2 * RATE; i++) {
        socket.send("{\"type\":\"ping\"}");
      }
      List<ServerFrame> rest = socket.rest();
      assertEquals(4101, rest.getLast().closeCode());
      JsonNode error = HttpAnswer.read(rest.get(rest.size() - 2).text());
      assertEquals("too-many-requests", error.path("code").asText());
      Steady.pause(error.path("retryAfterMs").asLong());
      try (RawWebSocket again = new RawWebSocket(node.port(), "")) {
        again.send("{\"type\":\"ping\",\"ref\":1}");
        assertEquals(1, again.next("ack").path("ref").asInt());
      }
      assertTrue(
          ConnectionLimitsTest.metric(node, "push_limited_total{limit=\"messages-per-second\"}")
              >= 1);
    }
  }

  @Test
  void topicsOfAConnection() throws IOException {
    try (LiveNode node = LiveNode.development("--topics-per-connection=2");
        RawWebSocket socket = new RawWebSocket(node.port(), "?topic=a&topic=b")) {
      socket.next("subscribed");
      socket.send(subscribe(1, "c"));
      JsonNode error = socket.next("error");
      assertEquals("too-many-requests", error.path("code").asText());
      assertEquals(1, error.path("ref").asInt());
      assertTrue(error.path("retryAfterMs").asLong() > 0);
      socket.send("{\"type\":\"unsubscribe\",\"topics\":[\"a\"]}");
      socket.send(subscribe(2, "c"));
      assertEquals(2, socket.next("subscribed").path("ref").asInt());
      HttpAnswer poll = node.get("/subscribe?topic=a&topic=b&topic=c");
      assertEquals(429, poll.status());
      try (RawWebSocket url = new RawWebSocket(node.port(), "?topic=a&topic=b&topic=c")) {
        List<ServerFrame> rest = url.rest();
        assertTrue(rest.get(rest.size() - 2).text().contains("too-many-requests"));
        assertEquals(4100, rest.getLast().closeCode());
      }
      assertEquals(
          2,
          ConnectionLimitsTest.metric(node, "push_limited_total{limit=\"topics-per-connection\"}"));
    }
  }
}
