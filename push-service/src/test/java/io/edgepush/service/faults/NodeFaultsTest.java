package io.edgepush.service.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Nodes are killed, or stop. */
class NodeFaultsTest {
  @RegisterExtension static final RedisServer REDIS = RedisServer.process();

  @TempDir static Path directory;

  private static final Duration STOP = Duration.ofSeconds(Scene.LONG ? 60 : 10);
  private static Nodes nodes;

  @BeforeAll
  static void start() throws IOException {
    nodes = new Nodes(directory, REDIS.uri().getPort(), Scene.options()).start(2);
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  @Test
  void ofAKilledNodeTheClientsGoOnAtAnother() throws IOException {
    try (Scene scene = Scene.on(nodes)) {
      nodes.process(1).kill();
      scene.until("its clients are elsewhere", () -> moved(scene) >= scene.clients().size() / 2);
      scene.flow(200);

      scene.assertNothingLost();
    } finally {
      nodes.restart(1);
    }
  }

  /**
   * Most clients give the node up and go on at the other; some stay. When it wakes up, those get
   * what they missed, in order, and nobody gets anything old.
   */
  @Test
  void aNodeThatStopsAndGoesOnDeliversNothingOutOfOrder() {
    try (Scene scene = Scene.on(nodes)) {
      nodes.process(1).pause();
      long until = System.nanoTime() + STOP.toNanos();
      scene.until("its impatient clients are elsewhere", () -> moved(scene) >= impatient(scene));
      scene.until("the time passes", () -> System.nanoTime() - until >= 0);
      nodes.process(1).resume();
      scene.flow(200);

      scene.assertNothingLost();
      assertTrue(scene.ledger().unknown() > 0, "publishes were under way");
    }
  }

  private static long moved(Scene scene) {
    return scene.clients().stream().filter(c -> c.welcomes() > 1).count();
  }

  /** Clients take turns at the two nodes. */
  private static long impatient(Scene scene) {
    long all = scene.clients().size();
    return all / 2 - scene.patientAt(1);
  }
}
