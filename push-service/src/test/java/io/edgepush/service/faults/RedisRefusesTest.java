package io.edgepush.service.faults;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.model.Topic;
import io.edgepush.service.testing.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Redis answers, but with errors. */
class RedisRefusesTest {
  @RegisterExtension static final RedisServer REDIS = RedisServer.process();
  @RegisterExtension static final RedisServer OTHER = RedisServer.process();

  @TempDir static Path directory;

  private static final String OPEN =
      "resilience4j_circuitbreaker_state{name=\"publish\",state=\"open\"}";
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
  void outOfMemoryPublishesAreRefusedUntilThereIsRoom() {
    try (Scene scene = Scene.on(nodes)) {
      Outage outage = Outage.of(scene);
      REDIS.command("CONFIG", "SET", "maxmemory", "1");
      outage.awaitRefusals();
      scene.until("the circuit opens", () -> nodes.metric(0, OPEN) == 1);
      assertFalse(nodes.log(0, "publish: circuit open").isEmpty(), "it is in the log");
      assertFalse(nodes.isReady(0), "a node that can not publish is not ready");
      REDIS.command("CONFIG", "SET", "maxmemory", "0");
      scene.flow(200);

      scene.assertNothingLost();
      outage.assertAtOnce();
      outage.assertConnectionsStayed();
      scene.until(
          "it closes",
          () -> nodes.isReady(0) && !nodes.log(0, "publish: circuit closed").isEmpty());
    } finally {
      REDIS.command("CONFIG", "SET", "maxmemory", "0");
    }
  }

  /**
   * What is left behind by a fail-over that went back: it has to be the master again in time. What
   * it stored meanwhile is in no copy: who was connected got it, the others are told of a gap.
   */
  @Test
  void aMasterThatBecameAReplicaRefusesUntilItIsTheMasterAgain() {
    try (Scene scene = Scene.on(nodes)) {
      Map<Topic, Integer> copied = scene.ledger().counts();
      replicate(OTHER, REDIS);
      scene.until("the copy is complete", () -> isSynchronous(OTHER));
      Outage outage = Outage.of(scene);
      OTHER.command("REPLICAOF", "NO", "ONE");
      replicate(REDIS, OTHER);
      outage.awaitRefusals();
      scene.until("it is a copy", () -> isSynchronous(REDIS));
      REDIS.command("REPLICAOF", "NO", "ONE");
      scene.flow(200);

      Findings findings = scene.assertLostOnlyInGaps("epoch");
      copied.forEach(
          (topic, count) ->
              assertTrue(findings.allGot(topic, count), "what survived comes before the gap"));
      outage.assertAtOnce();
      outage.assertConnectionsStayed();
    } finally {
      REDIS.command("REPLICAOF", "NO", "ONE");
    }
  }

  private static void replicate(RedisServer replica, RedisServer master) {
    URI uri = master.uri();
    replica.command("REPLICAOF", uri.getHost(), Integer.toString(uri.getPort()));
  }

  private static boolean isSynchronous(RedisServer replica) {
    return replica.command("INFO", "replication").toString().contains("master_link_status:up");
  }

  @Test
  void aPasswordThatTheNodesDoNotHaveIsNamedInTheLogAndRefusesUntilItIsTakenBack() {
    try (Scene scene = Scene.on(nodes);
        Jedis admin = new Jedis(REDIS.uri())) {
      Outage outage = Outage.of(scene);
      admin.configSet("requirepass", "password-of-a-test");
      REDIS_CONNECTIONS.forEach(type -> kill(admin, type));
      outage.awaitRefusals();
      scene.until("it is in the log", () -> !nodes.log(0, "NOAUTH").isEmpty());
      assertTrue(nodes.get(0, "/health/ready").text().contains("NOAUTH"), "readiness says why");
      admin.configSet("requirepass", "");
      scene.flow(200);

      scene.assertNothingLost();
      outage.assertAtOnce();
      outage.assertConnectionsStayed();
      assertTrue(nodes.log(0, "NOAUTH").size() <= 6, "told once a connection, not again and again");
    }
  }

  private static final java.util.List<String> REDIS_CONNECTIONS =
      java.util.List.of("pubsub", "normal");

  private static void kill(Jedis admin, String type) {
    admin.sendCommand(
        redis.clients.jedis.Protocol.Command.CLIENT, "KILL", "TYPE", type, "SKIPME", "yes");
  }
}
