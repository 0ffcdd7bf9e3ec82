package io.edgepush.service.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawWebSocket;
import io.edgepush.service.input.RawWebSocket.ServerFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of events that a connection can not take in time, over real sockets. */
class OverflowTest {
  private static final int RATE = 20;
  private static final int SAMPLES = 10;
  private static final String NAMESPACES =
      """
      namespaces:
        - name: latest
          patterns: [latest.**]
          overflow: latest
        - name: drop
          patterns: [drop.**]
          overflow: drop-oldest
        - name: sample
          patterns: [sample.**]
          overflow: sample
          samples-per-second: 10
      """;

  @TempDir private Path directory;

  private LiveNode node(String... options) throws IOException {
    Path file = Files.writeString(directory.resolve("node.yaml"), NAMESPACES);
    // these clients answer no pings, and would be taken for dead within the long variant's minute
    List<String> all = new ArrayList<>(List.of("--config=" + file, "--heartbeat=10m"));
    all.addAll(List.of(options));
    return LiveNode.development(all.toArray(String[]::new));
  }

  /** What a connection got of a topic until an event with this data. */
  private record Got(List<Integer> data, List<JsonNode> gaps, List<String> ids) {}

  private static Got until(RawWebSocket socket, int last) throws IOException {
    Got got = new Got(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    while (got.data().isEmpty() || got.data().getLast() != last) {
      ServerFrame frame = socket.nextFrame();
      JsonNode message = HttpAnswer.read(frame.opcode() == 1 ? frame.text() : "{}");
      switch (message.path("type").asText()) {
        case "event" -> {
          got.data().add(message.path("event").path("data").path("n").asInt());
          got.ids().add(message.path("event").path("id").asText());
        }
        case "gap" -> got.gaps().add(message);
        case "error" -> throw new AssertionError(message);
        default -> {}
      }
    }
    return got;
  }

  private static void publish(LiveNode node, String topic, int from, int to, String filler)
      throws IOException {
    for (int i = from; i < to; i++) {
      node.publish(topic, "{\"n\":" + i + ",\"filler\":\"" + filler + "\"}");
    }
  }

  private static void assertSkippedAreTold(Got got, int published) {
    assertTrue(got.data().size() < published, "nothing was skipped");
    assertEquals(got.data().stream().sorted().distinct().toList(), got.data());
    assertTrue(!got.gaps().isEmpty() && got.gaps().size() <= got.data().size());
    for (JsonNode gap : got.gaps()) {
      assertEquals("overflow", gap.path("reason").asText());
    }
  }

  @Test
  void whoeverIsOverTheRateIsDisconnectedWhereNothingElseIsConfigured() throws IOException {
    try (LiveNode node = node("--deliveries-per-second=" + RATE);
        RawWebSocket socket = new RawWebSocket(node.port(), "?topic=plain")) {
      socket.next("subscribed");
      Steady.below(
          RATE,
          i -> {
            publish(node, "plain", i, i + 1, "");
            socket.next("event");
          });
      String cursor = node.head();
      publish(node, "plain", 0, 3 * RATE, "");
      assertEquals(4104, socket.closed().closeCode());
      try (RawWebSocket again = new RawWebSocket(node.port(), "?topic=plain&cursor=" + cursor)) {
        publish(node, "plain", 1_000_000, 1_000_001, "");
        Got got = until(again, 1_000_000);
        assertEquals(List.of(), got.gaps());
        assertTrue(got.data().size() >= 3 * RATE, "a replay is paced, and whole");
      }
    }
  }

  @Test
  void aReplayThatIsPacedKeepsNobodyWaitingForTheHandshake() throws IOException {
    int count = 600; // half a minute's worth, longer than a socket of these tests waits
    try (LiveNode node = node("--deliveries-per-second=" + RATE);
        RawWebSocket first = new RawWebSocket(node.port(), "?topic=plain")) {
      first.next("subscribed"); // the topic is attached from here on, so nothing else is waited for
      String events = "{\"topic\":\"plain\",\"data\":{\"n\":1}},".repeat(count);
      byte[] publish =
          HttpText.withBody(
              "POST /v1/events",
              "[" + events.substring(0, events.length() - 1) + "]",
              "Content-Type: application/json");
      assertEquals(200, LiveNode.exchange(node.privatePort(), publish).status());
      try (RawWebSocket socket = new RawWebSocket(node.port(), "?topic=plain&replay=" + count)) {
        socket.next("welcome");
        socket.next("event");
      }
    }
  }

  @Test
  void overTheRateOnlyTheLatestIsSent() throws IOException {
    overTheRate("latest.a", 1);
  }

  @Test
  void overTheRateTheRestWaitsWhereTheOldestWouldBeDropped() throws IOException {
    try (LiveNode node = node("--deliveries-per-second=" + RATE);
        RawWebSocket socket = new RawWebSocket(node.port(), "?topic=drop.a")) {
      socket.next("subscribed");
      allArriveBelow(RATE, node, socket, "drop.a");
      publish(node, "drop.a", 0, 3 * RATE, "");
      Got got = until(socket, 3 * RATE - 1);
      assertEquals(3 * RATE, got.data().size());
      assertEquals(List.of(), got.gaps());
    }
  }

  private static void allArriveBelow(
      int perSecond, LiveNode node, RawWebSocket socket, String topic) throws IOException {
    Steady.below(
        perSecond,
        i -> {
          publish(node, topic, i, i + 1, "");
          Got got = until(socket, i);
          assertEquals(List.of(i), got.data());
          assertEquals(List.of(), got.gaps());
        });
  }

  private void overTheRate(String topic, int most) throws IOException {
    try (LiveNode node = node("--deliveries-per-second=" + RATE);
        RawWebSocket socket = new RawWebSocket(node.port(), "?topic=" + topic)) {
      socket.next("subscribed");
      allArriveBelow(RATE, node, socket, topic);
      publish(node, topic, 1_000, 1_000 + 10 * RATE, "");
      Got got = until(socket, 1_000 + 10 * RATE - 1);
      assertSkippedAreTold(got, 10 * RATE);
      assertTrue(
          ConnectionLimitsTest.metric(node, "push_skipped_total") >= 10 * RATE - got.data().size());
      Steady.pause(1_000L * most);
      publish(node, topic, 1, 2, "");
      assertEquals(List.of(1), until(socket, 1).data());
    }
  }

  @Test
  void samplesAreTheNewest() throws IOException {
    try (LiveNode node = node();
        RawWebSocket socket = new RawWebSocket(node.port(), "?topic=sample.a")) {
      socket.next("subscribed");
      allArriveBelow(SAMPLES, node, socket, "sample.a");
      Steady.pause(1_000 / SAMPLES);
      publish(node, "sample.a", 0, 200, "");
      Got got = until(socket, 199);
      assertSkippedAreTold(got, 200);
      Steady.pause(200);
      publish(node, "sample.a", 200, 201, "");
      assertEquals(List.of(200), until(socket, 200).data());
    }
  }

  @Test
  void aClientThatReadsNothingForAWhileGetsTheLatest() throws IOException {
    afterAPause("latest.a");
  }

  @Test
  void aClientThatReadsNothingForAWhileGetsTheNewestThatWaited() throws IOException {
    Got got = afterAPause("drop.a");
    int first = got.data().size() - 1;
    while (first > 0 && got.data().get(first - 1) == got.data().get(first) - 1) {
      first--;
    }
    assertTrue(got.data().size() - first > 3, "the newest ones wait one behind the other");
  }

  private Got afterAPause(String topic) throws IOException {
    String filler = "x".repeat(60_000);
    int count = 400;
    try (LiveNode node = node("--outbox-bytes=1000000");
        RawWebSocket socket = new RawWebSocket(node.port(), "?topic=" + topic)) {
      socket.next("subscribed");
      publish(node, topic, 0, count, filler);
      Got got = until(socket, count - 1);
      assertSkippedAreTold(got, count);
      publish(node, topic, count, count + 1, "");
      assertEquals(List.of(count), until(socket, count).data());
      return got;
    }
  }
}
