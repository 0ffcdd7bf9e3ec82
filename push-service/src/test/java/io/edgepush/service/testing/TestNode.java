package io.edgepush.service.testing;

import static org.awaitility.Awaitility.await;

import io.edgepush.hub.Hub;
import io.edgepush.model.Topic;
import io.edgepush.service.Node;
import io.edgepush.service.config.ConfigReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A node of the service in development mode, on free ports of 127.0.0.1, configured as by the
 * command line.
 */
public final class TestNode implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Held, so that its level stays: the end of each session is a line that nobody reads here. */
  private static final Logger SESSIONS = Logger.getLogger("io.edgepush.hub");

  static {
    SESSIONS.setLevel(Level.WARNING);
  }

  private final Node node;

  private TestNode(Node node) {
    this.node = node;
  }

  /**
   * Starts a node.
   *
   * @param options such as {@code --heartbeat=100ms}
   */
  public static TestNode start(String... options) {
    List<String> all =
        new ArrayList<>(
            List.of("--mode=development", "--port=0", "--private-port=0", "--drain=0s"));
    all.addAll(List.of(options));
    try {
      Node node = new Node(ConfigReader.read(all, Map.of()));
      node.start();
      return new TestNode(node);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a node on a Redis, with the options besides. */
  public static TestNode start(RedisServer redis, String keyPrefix, String... options) {
    List<String> all =
        new ArrayList<>(List.of("--redis=" + redis.uri(), "--redis-key-prefix=" + keyPrefix));
    all.addAll(List.of(options));
    return start(all.toArray(String[]::new));
  }

  /** The public port. */
  public int port() {
    return node.port();
  }

  /** The private port. */
  public int privatePort() {
    return node.privatePort();
  }

  /** The hub. */
  public Hub hub() {
    return node.hub();
  }

  /** Waits until the node has this many subscribers on each of the topics. */
  public void awaitSubscribers(int count, Collection<Topic> topics) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> topics.stream().allMatch(topic -> hub().subscribers(topic) == count));
  }

  @Override
  public void close() {
    node.close();
  }
}
