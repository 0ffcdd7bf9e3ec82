package io.edgepush.service.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.backplane.Recorder;
import io.edgepush.hub.client.Ledger;
import io.edgepush.model.Content;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.TestNode;
import io.edgepush.service.testing.Wire;
import io.edgepush.testing.Certificates;
import io.edgepush.testing.Secrets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes on a Redis that speaks nothing but TLS, as a user that may do no more than it needs.
 */
class RedisTlsTest {
  private static final Topic TOPIC = new Topic("a");
  private static final String PASSWORD = Secrets.note("secret-of-redis");

  @TempDir private Path directory;

  private int port;
  private Process redis;
  private Certificates made;

  @BeforeEach
  void start() throws IOException {
    made = Certificates.make(directory, "RSA");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path acl =
        Files.writeString(
            directory.resolve("users.acl"), "user default off\n" + documentedUser() + "\n");
    redis =
        new ProcessBuilder(
                "redis-server",
                "--port",
                "0",
                "--tls-port",
                Integer.toString(port),
                "--tls-cert-file",
                made.chain().toString(),
                "--tls-key-file",
                made.key().toString(),
                "--tls-auth-clients",
                "no",
                "--aclfile",
                acl.toString(),
                "--save",
                "")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    await().ignoreExceptionsInstanceOf(IOException.class).until(this::accepts);
  }

  /** The user as docs/CONFIGURATION.md has it, with this password. */
  private static String documentedUser() throws IOException {
    Path document = Path.of("..", "docs", "CONFIGURATION.md");
    try (Stream<String> lines = Files.lines(document)) {
      return lines
          .filter(line -> line.startsWith("user push on >change-me "))
          .findFirst()
          .orElseThrow()
          .replace("change-me", PASSWORD);
    }
  }

  private boolean accepts() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    redis.destroy();
    assertTrue(redis.waitFor(20, TimeUnit.SECONDS));
  }

  private RedisBackplane node(String user, Path trust, Recorder recorder) {
    URI uri = URI.create("rediss://" + user + "@localhost:" + port);
    RedisBackplane node =
        new RedisBackplane(RedisConfig.of(uri).withTrust(trust), _ -> Retention.DEFAULT);
    node.start(recorder);
    return node;
  }

  private static Publication publication() {
    return new Publication(TOPIC, Content.json("1".getBytes(StandardCharsets.UTF_8)), "key", true);
  }

  @Test
  void eventsGoFromNodeToNode() throws Exception {
    Recorder heard = new Recorder();
    try (RedisBackplane one = node("push:" + PASSWORD, made.chain(), new Recorder());
        RedisBackplane other = node("push:" + PASSWORD, made.chain(), heard)) {
      await()
          .ignoreExceptionsInstanceOf(ExecutionException.class)
          .until(() -> other.attach(TOPIC).toCompletableFuture().get() != null);
      heard.awaitEvent(
          one.publish(List.of(publication()))
              .getFirst()
              .toCompletableFuture()
              .get(20, TimeUnit.SECONDS));
      one.check().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void twoNodesServeTheirClientsOverIt() throws IOException {
    String[] options = {
      "--redis=rediss://push:" + PASSWORD + "@localhost:" + port,
      "--redis-trust=" + made.chain(),
      "--publishes-per-second=1000"
    };
    Ledger ledger = new Ledger();
    try (TestNode one = TestNode.start(options);
        TestNode other = TestNode.start(options);
        Subscriber subscriber = Wire.WEBSOCKET.subscribe(other, Ask.of(TOPIC))) {
      new Publisher(one, ledger).publish(TOPIC, 100);
      subscriber.awaitEvents(100);
      assertEquals(
          "100 published, 100 delivered, 0 lost, 0 twice, 0 out of order, 0 gaps announced",
          ledger.account(subscriber.view(), ledger.all(List.of(TOPIC))).sentence());
      new Publisher(one, ledger).purge(TOPIC);
      String metrics =
          LiveNode.exchange(one.privatePort(), HttpText.request("GET /metrics")).text();
      assertTrue(metrics.contains("push_limits_local_total 0.0"), "Redis counted");
    }
  }

  @Test
  void whoIsNotTrustedOrDoesNotTrustGetsNothing() {
    for (List<String> bad :
        List.of(
            List.of("push:" + PASSWORD, ""),
            List.of("push:wrong", made.chain().toString()),
            List.of("default:", made.chain().toString()))) {
      try (RedisBackplane node = node(bad.getFirst(), Path.of(bad.getLast()), new Recorder())) {
        assertThrows(
            ExecutionException.class,
            () ->
                node.publish(List.of(publication()))
                    .getFirst()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS));
      }
    }
  }

  @Test
  void aTrustFileWithoutCertificateIsRefused() throws IOException {
    Path empty = Files.writeString(directory.resolve("empty.pem"), "nothing");
    RedisConfig config = RedisConfig.of(URI.create("rediss://localhost"));
    for (Path bad : List.of(empty, directory.resolve("missing"))) {
      String said =
          assertThrows(IllegalArgumentException.class, () -> config.withTrust(bad)).getMessage();
      assertEquals(bad + " holds no certificate in PEM that can be read", said);
    }
  }
}
