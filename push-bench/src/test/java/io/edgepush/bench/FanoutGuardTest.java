package io.edgepush.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.bench.baseline.ServerChild;
import io.edgepush.bench.load.Crowd;
import io.edgepush.bench.load.Plan;
import io.edgepush.bench.load.Target;
import io.edgepush.bench.load.Traffic;
import io.edgepush.bench.load.Transport;
import io.edgepush.bench.report.Progress;
import io.edgepush.bench.report.Result;
import io.edgepush.service.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/**
 * Fan-out has not become slower: CPU a delivery, divided by that of the bare broadcast server in
 * the same minute. Both are processes of their own and compiled by C1 only, which is warm at once;
 * the best of several rounds in turn is what was least disturbed.
 */
class FanoutGuardTest {
  private static final double TOLERATED = 1.5;
  private static final int ROUNDS = 5;
  private static final Duration WARMUP = Duration.ofSeconds(2);
  private static final Duration REST = Duration.ofMillis(300);
  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final List<String> JVM = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
  private static final Path RECORD = Path.of("src/test/resources/fanout-ratio.properties");
  private static final String HEADER =
      " CPU a delivery, service : baseline, as FanoutGuardTest measures it. Renew: mvn test -pl push-bench -am"
          + " -Dtest=FanoutGuardTest -Dsurefire.failIfNoSpecifiedTests=false -Drecord=true";

  @Test
  void aDeliveryCostsNoMoreThanItDidComparedWithABareLoop() throws IOException {
    double ratio = ratio();

    if (Boolean.getBoolean("record")) {
      record(ratio);
    }
    double recorded = recorded();
    System.out.printf("fan-out: %.2f x the baseline, recorded %.2f%n", ratio, recorded);
    assertTrue(
        ratio <= TOLERATED * recorded,
        "a delivery costs %.2f x the baseline's CPU; recorded: %.2f x".formatted(ratio, recorded));
  }

  private static double ratio() {
    List<String> service = new ArrayList<>(JVM);
    service.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    try (ServerChild baseline = ServerChild.baseline(JVM);
        ServerChild node = ServerChild.node(service, List.of())) {
      double theirs = Double.MAX_VALUE;
      double ours = Double.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        Duration warmup = round == 0 ? WARMUP : REST;
        Plan plan = plan(node.target(), warmup);
        theirs = Math.min(theirs, microsPerDelivery(plan.onBaseline(baseline.target())));
        ours = Math.min(ours, microsPerDelivery(plan));
      }
      return ours / theirs;
    }
  }

  private static Plan plan(Target target, Duration warmup) {
    return new Plan(
        target,
        new Crowd(Transport.WS, 300, 0, 1, 1, 1, 0),
        new Traffic(100, 60, 1, 1, warmup, ROUND));
  }

  private static double microsPerDelivery(Plan plan) {
    Result result = new FanoutRun("guard", plan, new Progress(System.err, false)).run();
    assertEquals(0, result.figure("lost"), result.faults()::toString);
    return result.figure("server CPU a delivery");
  }

  private static double recorded() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(RECORD)) {
      properties.load(in);
    }
    return Double.parseDouble(properties.getProperty("ratio"));
  }

  private static void record(double ratio) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("ratio", String.format(java.util.Locale.ROOT, "%.2f", ratio));
    try (OutputStream out = Files.newOutputStream(RECORD)) {
      properties.store(out, HEADER);
    }
  }
}
