package io.edgepush.service.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A Redis without replica and without a file loses its memory. */
class RedisForgetsTest {
  @RegisterExtension static final RedisServer REDIS = RedisServer.process();

  @TempDir static Path directory;

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
  void killedAndStartedAgainWithoutItsDataEveryClientIsToldOfEachOfItsTopics() {
    try (Scene scene = Scene.on(nodes)) {
      Outage outage = Outage.of(scene);
      REDIS.kill();
      outage.awaitRefusals();
      REDIS.restart();
      scene.flow(200);

      Findings findings = scene.assertLostOnlyInGaps("epoch");
      assertTrue(findings.gaps() >= 2L * scene.clients().size(), "two topics of each client");
      assertEquals(2, scene.ledger().epochs());
      // It forgot the ids of publishes as well: what was stored without an answer is stored again.
      assertTrue(
          findings.again() <= scene.ledger().unknown() * scene.clients().size(),
          () -> findings.again() + " again, of " + scene.ledger().unknown());
      outage.assertAtOnce();
      outage.assertConnectionsStayed();
    }
  }
}
