package io.edgepush.service.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.testing.RedisServer;
import io.edgepush.service.testing.Relay;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Redis is well, but the way to it is not. */
class RedisPathTest {
  @RegisterExtension static final RedisServer REDIS = RedisServer.process();

  @TempDir static Path directory;

  private static final String LOSSES = "push_redis_losses_total";
  private static final int CUTS = Scene.LONG ? 100 : 10;
  private static Nodes nodes;

  @BeforeAll
  static void start() throws IOException {
    nodes = new Nodes(directory, REDIS.uri().getPort(), Scene.options()).start(2);
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  @AfterEach
  void heal() {
    nodes.redis().forEach(Relay::heal);
  }

  @Test
  void aNodeWhosePacketsVanishCatchesUpWhenTheyArriveAgain() {
    try (Scene scene = Scene.on(nodes)) {
      Outage outage = Outage.of(scene);
      double losses = nodes.metric(0, LOSSES);
      nodes.redis(0).blackHole();
      // Publishing goes on at the other node, and this one notices on all of its connections.
      scene.flow(200);
      scene.until("it notices", () -> nodes.metric(0, LOSSES) >= losses + 2);
      assertFalse(nodes.isReady(0), "a node without Redis is not ready");
      nodes.redis(0).heal();
      scene.until("it is ready", () -> nodes.isReady(0));
      scene.flow(200);

      scene.assertNothingLost();
      outage.assertFast();
      outage.assertConnectionsStayed();
    }
  }

  @Test
  void aRedisThatIsTwoHundredMillisecondsAwayLosesNothingAndFailsNothing() {
    try (Scene scene = Scene.on(nodes)) {
      Outage outage = Outage.of(scene);
      nodes.redis().forEach(relay -> relay.delay(Duration.ofMillis(100)));
      scene.flow(500);

      scene.assertNothingLost();
      assertEquals(List.of(), scene.press().answers());
      outage.assertConnectionsStayed();
    }
  }

  static Stream<Named<Consumer<Integer>>> cuts() {
    return Stream.of(
        Named.of("reset", node -> nodes.redis(node).reset()),
        Named.of("ended", node -> nodes.redis(node).end()),
        Named.of(
            "killed",
            _ -> {
              REDIS.command("CLIENT", "KILL", "TYPE", "pubsub");
              REDIS.command("CLIENT", "KILL", "TYPE", "normal");
            }));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void connectionsThatAreCutAgainAndAgainLoseNothing(Consumer<Integer> cut) {
    try (Scene scene = Scene.on(nodes)) {
      Outage outage = Outage.of(scene);
      for (int i = 0; i < CUTS; i++) {
        int node = i % 2;
        double losses = nodes.metric(node, LOSSES);
        cut.accept(node);
        scene.until("it notices", () -> nodes.metric(node, LOSSES) > losses);
        scene.flow(50);
      }

      scene.assertNothingLost();
      assertEquals(
          List.of(), scene.press().answers().stream().filter(a -> a.status() != 503).toList());
      outage.assertConnectionsStayed();
    }
  }

  @Test
  void aNodeThatRedisDropsForReadingTooSlowlyCatchesUp() {
    REDIS.command("CONFIG", "SET", "client-output-buffer-limit", "pubsub 65536 0 0");
    try (Scene scene = Scene.on(nodes)) {
      Outage outage = Outage.of(scene);
      double losses = nodes.metric(0, LOSSES);
      try (BadReaders _ = new BadReaders(nodes.publicPort(0), "topic=bulk", 1)) {
        nodes.redis(0).throttle(2_000);
        scene.until(
            "Redis drops it",
            () -> {
              Bulk.publish(nodes.privatePort(1), "bulk");
              return nodes.metric(0, LOSSES) > losses;
            });
      }
      nodes.redis(0).heal();
      scene.flow(200);

      scene.assertNothingLost();
      outage.assertConnectionsStayed();
      assertTrue(nodes.metric(0, "push_redis_catch_ups_total") > 0);
    } finally {
      REDIS.command("CONFIG", "SET", "client-output-buffer-limit", "pubsub 33554432 8388608 60");
    }
  }
}
