package io.edgepush.service.testing;

import static org.awaitility.Awaitility.await;

import io.edgepush.hub.Hub;
import io.edgepush.model.Topic;
import io.edgepush.service.Node;
import io.edgepush.service.config.ConfigReader;
import io.edgepush.service.config.ConfigWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
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

  private final int port;
  private final int privatePort;
  private final Supplier<Hub> hub;
  private final Runnable end;

  private TestNode(int port, int privatePort, Supplier<Hub> hub, Runnable end) {
    this.port = port;
    this.privatePort = privatePort;
    this.hub = hub;
    this.end = end;
  }

  /** A node that somebody else started, in another process; its hub is out of reach. */
  public static TestNode at(int port, int privatePort) {
    return new TestNode(
        port,
        privatePort,
        () -> {
          throw new UnsupportedOperationException("the hub of another process");
        },
        () -> {});
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
      ConfigReader.file(all, Map.of())
          .ifPresent(
              file ->
                  node.watch(
                      new ConfigWatch(file, () -> ConfigReader.read(all, Map.of()), node::reload)));
      return new TestNode(node.port(), node.privatePort(), node::hub, node::close);
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
    return port;
  }

  /** The private port. */
  public int privatePort() {
    return privatePort;
  }

  /** The hub. */
  public Hub hub() {
    return hub.get();
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
    end.run();
  }
}
