package io.edgepush.service.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.backplane.Recorder;
import io.edgepush.model.Content;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Certificates;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes on a Redis that speaks nothing but TLS, as a user that may do no more than it needs.
 */
class RedisTlsTest {
  private static final Topic TOPIC = new Topic("a");

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
            directory.resolve("users.acl"),
            "user default off\n"
                + "user push on >secret-of-redis ~{push:* &{push:* -@all +@connection +eval +evalsha"
                + " +script|load +info +ssubscribe +sunsubscribe +spublish +@read +@write +time\n");
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
    try (RedisBackplane one = node("push:secret-of-redis", made.chain(), new Recorder());
        RedisBackplane other = node("push:secret-of-redis", made.chain(), heard)) {
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
  void whoIsNotTrustedOrDoesNotTrustGetsNothing() {
    for (List<String> bad :
        List.of(
            List.of("push:secret-of-redis", ""),
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
