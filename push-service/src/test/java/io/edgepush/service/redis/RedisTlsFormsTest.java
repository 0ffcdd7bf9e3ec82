package io.edgepush.service.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.backplane.BackplaneException;
import io.edgepush.backplane.Recorder;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import io.edgepush.testing.Certificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Sentinels and clusters that speak nothing but TLS with the service, which logs in to each as a
 * user that may do no more than it needs.
 */
class RedisTlsFormsTest {
  private static final Topic TOPIC = new Topic("a");
  private static final String SERVER_USER =
      "user push on >secret-of-redis ~{push:* &{push:* -@all +@connection +eval +evalsha"
          + " +script|load +info +ssubscribe +sunsubscribe +spublish +@read +@write +time"
          + " +cluster|slots\n";
  private static final String SENTINEL_USER =
      "user watch on >secret-of-sentinel &* -@all +@connection +sentinel|master"
          + " +sentinel|get-master-addr-by-name +subscribe\n";

  @TempDir private Path directory;

  private Certificates made;
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void make() {
    made = Certificates.make(directory, "RSA");
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Process process : processes) {
      process.destroy();
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /**
   * Starts a server with a port for TLS, and one without for the test itself; returns the latter.
   */
  private int start(String name, int tlsPort, List<String> lines, String... flags)
      throws IOException {
    int port = freePort();
    List<String> all = new ArrayList<>(lines);
    all.addAll(
        List.of(
            "port " + port,
            "bind 127.0.0.1",
            "tls-port " + tlsPort,
            "tls-cert-file " + made.chain(),
            "tls-key-file " + made.key(),
            "tls-ca-cert-file " + made.chain(),
            "tls-auth-clients no",
            "tls-replication yes"));
    Path file = Files.write(directory.resolve(name + ".conf"), all);
    List<String> command = new ArrayList<>(List.of("redis-server", file.toString()));
    command.addAll(List.of(flags));
    processes.add(
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".log").toFile())
            .start());
    await().ignoreExceptionsInstanceOf(JedisException.class).until(() -> ask(port, "PING") != null);
    return port;
  }

  private static Object ask(int port, String... command) {
    try (Jedis jedis = new Jedis("127.0.0.1", port)) {
      byte[][] arguments = new byte[command.length - 1][];
      for (int i = 1; i < command.length; i++) {
        arguments[i - 1] = Keys.bytes(command[i]);
      }
      return jedis.sendCommand(() -> Keys.bytes(command[0]), arguments);
    }
  }

  private RedisBackplane node(String uri, Recorder heard) {
    RedisConfig config =
        RedisConfig.of(URI.create(uri))
            .withTrust(made.chain())
            .withTimes(Duration.ofSeconds(2), Duration.ofSeconds(2));
    RedisBackplane node = new RedisBackplane(config, _ -> Retention.DEFAULT);
    node.start(heard);
    return node;
  }

  private void assertServes(String uri) {
    Recorder heard = new Recorder();
    try (RedisBackplane node = node(uri, heard)) {
      RedisTests.Node tested = new RedisTests.Node(node, heard);
      RedisTests.attachAtLast(tested, TOPIC);
      heard.awaitEvent(RedisTests.publishAtLast(tested, TOPIC));
      RedisTests.atLast(() -> node.check().thenApply(_ -> true));
    }
  }

  @Test
  void aMasterIsFoundThroughASentinelAndUsedOverTls() throws IOException {
    int tlsPort = freePort();
    int sentinelPort = freePort();
    start("master", tlsPort, List.of("save \"\"", SERVER_USER));
    start(
        "sentinel",
        sentinelPort,
        List.of("sentinel monitor events 127.0.0.1 " + tlsPort + " 1", SENTINEL_USER),
        "--sentinel");
    String login = "rediss-sentinel://push:secret-of-redis@localhost:" + sentinelPort;

    assertServes(login + "?sentinel-user=watch&sentinel-password=secret-of-sentinel#events");

    String wrong = login + "?sentinel-user=watch&sentinel-password=wrong#events";
    try (RedisBackplane node = node(wrong, new Recorder())) {
      RedisTests.Node tested = new RedisTests.Node(node, new Recorder());
      BackplaneException away = RedisTests.failure(tested.tryPublish(TOPIC, "1"));
      assertTrue(away.getMessage().contains("WRONGPASS"), away.getMessage());
      assertTrue(!away.getMessage().contains("wrong"), away.getMessage());
    }
    try (RedisBackplane node = node(login + "#other", new Recorder())) {
      RedisTests.Node tested = new RedisTests.Node(node, new Recorder());
      RedisTests.eventually(
          () -> !RedisTests.failure(tested.tryPublish(TOPIC, "1")).outcomeUnknown());
    }
  }

  @Test
  void aClusterIsUsedOverTls() throws IOException {
    int tlsPort = freePort();
    int port =
        start(
            "node",
            tlsPort,
            List.of(
                "save \"\"",
                "cluster-enabled yes",
                "cluster-port " + freePort(),
                "tls-cluster yes",
                SERVER_USER));
    ask(port, "CLUSTER", "ADDSLOTSRANGE", "0", "16383");

    assertServes("rediss-cluster://push:secret-of-redis@localhost:" + tlsPort);
  }
}
