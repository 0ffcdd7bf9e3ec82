package io.edgepush.service.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A Redis server that a test can treat badly. Calls block until they are done. */
interface RedisInstance extends AutoCloseable {
  int port();

  void start();

  /** Ends it like a crash does. Idempotent. */
  void kill();

  void pause();

  void resume();

  @Override
  void close();

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void awaitAnswer(int port) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> answers(port));
  }

  private static boolean answers(int port) {
    try (Jedis jedis = new Jedis("127.0.0.1", port)) {
      return jedis.ping().equals("PONG");
    } catch (JedisException e) {
      return false;
    }
  }
}
