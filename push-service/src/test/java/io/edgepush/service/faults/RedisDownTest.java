package io.edgepush.service.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgepush.service.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Redis is killed, or stops. */
class RedisDownTest {
  /** Written before it is answered, so that a crash of the process loses nothing. */
  @RegisterExtension
  static final RedisServer REDIS =
      RedisServer.process("--appendonly", "yes", "--appendfsync", "always");

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

  /** A server that starts again can not know whether its file holds everything it answered for. */
  @Test
  void killedAndStartedAgainWithItsDataItLosesNothingAndSaysThatItMayHave() {
    try (Scene scene = Scene.on(nodes)) {
      Outage outage = Outage.of(scene);
      REDIS.kill();
      outage.awaitRefusals();
      REDIS.restart();
      scene.flow(200);

      Findings findings = scene.assertLostOnlyInGaps("epoch");
      assertEquals(0, findings.lost(), "what survived comes before the gap");
      assertEquals(0, findings.again(), "it knows the ids of publishes");
      outage.assertAtOnce();
      outage.assertConnectionsStayed();
    }
  }

  static List<Integer> stops() {
    return Scene.LONG ? List.of(2, 10, 40) : List.of(2);
  }

  @ParameterizedTest
  @MethodSource("stops")
  void stoppedForAWhileItIsAsIfNothingHadHappened(int seconds) {
    try (Scene scene = Scene.on(nodes)) {
      Outage outage = Outage.of(scene);
      REDIS.pause();
      outage.last(Duration.ofSeconds(seconds));
      REDIS.resume();
      scene.flow(200);

      scene.assertNothingLost();
      outage.assertAtOnce();
      outage.assertConnectionsStayed();
    }
  }
}
