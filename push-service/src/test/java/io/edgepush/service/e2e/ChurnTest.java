package io.edgepush.service.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.hub.Session;
import io.edgepush.service.testing.Footprint;
import io.edgepush.service.testing.RedisServer;
import io.edgepush.service.testing.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Subscribers come and go, topics are added and removed, events flow as fast as they go; then
 * nothing is left of it.
 */
class ChurnTest {
  @RegisterExtension static final RedisServer REDIS = new RedisServer();

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration TIME = Duration.ofSeconds(Boolean.getBoolean("long") ? 120 : 10);
  private static final long HEAP_TOLERANCE = 8L << 20;

  @Test
  void whoStaysGetsEverythingOnceAndWhatWasOpenedIsClosedAgain() throws Exception {
    try (TestNode a = node();
        TestNode b = node()) {
      List<TestNode> nodes = List.of(a, b);
      churn(nodes, Duration.ofSeconds(1)); // classes, pools and buffers that stay
      awaitQuiet(nodes, Footprint.now().platformThreads());
      Footprint before = Footprint.now();

      List<String> sentences = churn(nodes, TIME);
      awaitQuiet(nodes, before.platformThreads());

      assertTrue(sentences.size() == Crowd.STEADY);
      for (String sentence : sentences) {
        assertTrue(
            sentence.matches(
                "(\\d+) published, \\1 delivered, 0 lost, 0 twice, 0 out of order, 0 gaps announced"),
            sentence);
      }
      Footprint after = Footprint.now();
      assertEquals(before.virtualThreads(), after.virtualThreads());
      assertTrue(
          after.openFiles() <= before.openFiles(),
          () -> after.openFiles() + " files, before " + before.openFiles());
      assertTrue(
          after.heapBytes() <= before.heapBytes() + HEAP_TOLERANCE,
          () -> after.heapBytes() + " bytes, before " + before.heapBytes());
    }
  }

  private static TestNode node() {
    return TestNode.start(REDIS, "churn", "--linger=50ms", "--heartbeat=1s");
  }

  private static List<String> churn(List<TestNode> nodes, Duration time) throws Exception {
    try (Crowd crowd = new Crowd(nodes)) {
      crowd.run(time);
      return crowd.sentences();
    }
  }

  /** Ended sessions are let go of after a grace of some seconds, topics after the linger. */
  private static void awaitQuiet(List<TestNode> nodes, int platformThreads) {
    await()
        .atMost(PATIENCE)
        .until(() -> nodes.stream().allMatch(node -> node.hub().sessions().isEmpty()));
    await()
        .atMost(PATIENCE)
        .until(() -> ((List<?>) REDIS.command("PUBSUB", "SHARDCHANNELS", "*topic*")).isEmpty());
    await().atMost(PATIENCE).until(() -> pendingBytes(nodes) == 0);
    await().atMost(PATIENCE).until(() -> Footprint.now().platformThreads() <= platformThreads);
    await().atMost(PATIENCE).until(() -> subscriberThreads(Footprint.now().virtualThreads()) == 0);
  }

  private static long pendingBytes(List<TestNode> nodes) {
    return nodes.stream()
        .flatMap(node -> node.hub().sessions().stream())
        .map(Session::outbox)
        .mapToLong(outbox -> outbox.pendingBytes())
        .sum();
  }

  private static int subscriberThreads(Map<String, Integer> threads) {
    return threads.entrySet().stream()
        .filter(e -> e.getKey().matches("(subscriber|edge-|ws-|end-).*"))
        .filter(e -> !e.getKey().equals("edge-deadlines"))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }
}
