package io.edgepush.service.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.testing.RedisServer;
import io.edgepush.service.testing.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes are stopped by SIGTERM and started again, one after the other. */
class RollingRestartTest {
  @RegisterExtension static final RedisServer REDIS = RedisServer.process();

  @TempDir static Path directory;

  private static final int NODES = 3;
  private static final int ROUNDS = Scene.LONG ? 5 : 1;
  private static final int WINDOW_MS = Scene.LONG ? 2_000 : 1_000;
  private static final int PARTS = 4;
  private static final long SOON_MS = 2_000;

  @Test
  void losesNothingAndTheClientsComeBackSpreadOverTheWindow() throws Exception {
    String[] options = Scene.options("--drain=" + WINDOW_MS + "ms");
    try (Nodes nodes = new Nodes(directory, REDIS.uri().getPort(), options).start(NODES);
        Scene scene = Scene.on(nodes)) {
      for (int i = 0; i < NODES * ROUNDS; i++) {
        restart(nodes, i % NODES);
        scene.flow(100);
      }

      scene.assertNothingLost();
      List<Client.Return> returns =
          scene.streams().stream().flatMap(c -> c.returns().stream()).toList();
      assertTrue(returns.size() >= scene.streams().size() * ROUNDS, () -> "only " + returns.size());
      assertSpread(returns);
      assertSoon(returns);
    }
  }

  private static void restart(Nodes nodes, int number) throws IOException, InterruptedException {
    ServiceProcess node = nodes.process(number);
    node.terminate();
    assertEquals(0, node.exitCode());
    nodes.restart(number);
  }

  /** No part of the window has more than twice its share of the delays, or less than half of it. */
  private static void assertSpread(List<Client.Return> returns) {
    int[] parts = new int[PARTS];
    returns.forEach(r -> parts[(int) (r.delayMs() * PARTS / WINDOW_MS)]++);
    double share = (double) returns.size() / PARTS;
    for (int part : parts) {
      assertTrue(part > share / 2 && part < share * 2, Arrays.toString(parts));
    }
  }

  /** Nobody comes before its time, and nearly all are welcome soon after. */
  private static void assertSoon(List<Client.Return> returns) {
    long[] late = returns.stream().mapToLong(r -> r.tookMs() - r.delayMs()).sorted().toArray();
    System.out.println(
        late.length
            + " returns, the median "
            + late[late.length / 2]
            + " ms after the delay, the last "
            + late[late.length - 1]);
    assertTrue(late[0] >= 0, () -> "before its time: " + late[0]);
    long soon = Arrays.stream(late).filter(ms -> ms <= SOON_MS).count();
    assertTrue(soon >= late.length * 0.9, () -> soon + " of " + late.length + " within 2 s");
  }
}
