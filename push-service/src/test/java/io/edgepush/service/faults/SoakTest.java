package io.edgepush.service.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes under load for a long time ({@code -Dsoak.minutes}, 20), with clients and topics that
 * come and go: nothing grows. Ids of publishes are remembered for five minutes, so keys are counted
 * from the seventh on.
 */
@EnabledIfSystemProperty(named = "long", matches = "true")
class SoakTest {
  @RegisterExtension static final RedisServer REDIS = RedisServer.process();

  private static final Duration TIME = Duration.ofMinutes(Long.getLong("soak.minutes", 20));
  private static final Duration WARM_UP = Duration.ofMinutes(7);
  private static final Duration STEP = Duration.ofSeconds(20);

  @TempDir static Path directory;

  /** What two nodes and Redis hold. */
  private record Sample(double heap, double descriptors, double threads, double keys) {
    static Sample of(Nodes nodes) {
      return new Sample(
          nodes.heap(0) + nodes.heap(1),
          nodes.descriptors(0) + nodes.descriptors(1),
          nodes.metric(0, "jvm_threads_live_threads") + nodes.metric(1, "jvm_threads_live_threads"),
          (Long) REDIS.command("DBSIZE"));
    }
  }

  @Test
  void nothingGrowsWhileClientsAndTopicsComeAndGo() throws IOException {
    String[] options = Scene.soakOptions();
    try (Nodes nodes = new Nodes(directory, REDIS.uri().getPort(), options).start(2);
        Scene scene = Scene.on(nodes);
        Churn _ = new Churn(nodes)) {
      long start = System.nanoTime();
      List<Sample> samples = new ArrayList<>();
      for (int step = 1; STEP.multipliedBy(step).compareTo(TIME) <= 0; step++) {
        long until = start + STEP.multipliedBy(step).toNanos();
        scene.until("the time passes", () -> System.nanoTime() - until >= 0);
        if (until - start > WARM_UP.toNanos()) {
          samples.add(Sample.of(nodes));
        }
      }
      assertTrue(samples.size() >= 9, () -> "too short: " + samples);
      assertFlat("heap", samples, Sample::heap, 16 << 20);
      assertFlat("descriptors", samples, Sample::descriptors, 40);
      assertFlat("threads", samples, Sample::threads, 8);
      assertFlat("keys", samples, Sample::keys, 1_000);
      scene.assertNothingLost();
    }
  }

  /** The median of the last third is at most a twentieth, and some slack, above the first's. */
  private static void assertFlat(
      String name, List<Sample> samples, ToDoubleFunction<Sample> value, double slack) {
    int third = samples.size() / 3;
    double first = median(samples.subList(0, third), value);
    double last = median(samples.subList(samples.size() - third, samples.size()), value);
    System.out.printf("soak: %s %.0f, then %.0f%n", name, first, last);
    assertTrue(last <= first * 1.05 + slack, () -> name + " grows from " + first + " to " + last);
  }

  private static double median(List<Sample> samples, ToDoubleFunction<Sample> value) {
    double[] sorted = samples.stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
