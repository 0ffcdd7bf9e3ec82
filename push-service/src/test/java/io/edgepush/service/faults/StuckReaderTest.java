package io.edgepush.service.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How long events take to thousands while others are stuck. It takes a while. */
@EnabledIfSystemProperty(named = "long", matches = "true")
class StuckReaderTest {
  @RegisterExtension static final RedisServer REDIS = RedisServer.process();

  private static final int OTHERS = 5_000;
  private static final int STUCK = 50;
  private static final int ROUNDS = 7;
  private static final int EVENTS = 100;
  private static final double WITHIN = 1.2;
  private static final String CONFIGURATION =
      "namespaces: [{name: c, patterns: [crowd, bulk], overflow: drop-oldest, retention-events: 10}]\n";

  @TempDir static Path directory;

  @Test
  void changesThePercentileOfTheOthersByAFifthAtMost() throws IOException {
    Path file = Files.writeString(directory.resolve("edgepush.yaml"), CONFIGURATION);
    String[] options = {"--config=" + file, "--outbox-bytes=262144", "--heartbeat=10m"};
    try (Nodes nodes = new Nodes(directory, REDIS.uri().getPort(), options).start(1);
        Crowd crowd = new Crowd(nodes, OTHERS)) {
      crowd.measure(10 * EVENTS); // warms up
      long[] alone = new long[ROUNDS];
      long[] beside = new long[ROUNDS];
      // By turns, so that what else the machine does counts for both alike.
      for (int round = 0; round < ROUNDS; round++) {
        alone[round] = p99(crowd.measure(EVENTS));
        try (BadReaders _ = new BadReaders(nodes.publicPort(0), "topic=crowd&topic=bulk", STUCK)) {
          fill(nodes);
          beside[round] = p99(crowd.measure(EVENTS));
        }
      }
      Arrays.sort(alone);
      Arrays.sort(beside);
      double ratio = (double) beside[ROUNDS / 2] / alone[ROUNDS / 2];
      System.out.printf(
          "%d others: p99 %d us, beside %d that are stuck %d us: %.2f%n",
          OTHERS, alone[ROUNDS / 2] / 1_000, STUCK, beside[ROUNDS / 2] / 1_000, ratio);
      assertTrue(ratio <= WITHIN, () -> "changed by a factor of " + ratio);
    }
  }

  /** Until each of them has had to go without several events. */
  private static void fill(Nodes nodes) {
    double skipped = nodes.metric(0, "push_skipped_total");
    while (nodes.metric(0, "push_skipped_total") < skipped + 20 * STUCK) {
      Bulk.publish(nodes.privatePort(0), "bulk");
    }
  }

  private static long p99(long[] sorted) {
    return sorted[sorted.length * 99 / 100];
  }
}
