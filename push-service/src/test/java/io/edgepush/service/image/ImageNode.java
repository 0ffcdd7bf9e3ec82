package io.edgepush.service.image;

import com.github.dockerjava.api.command.InspectContainerResponse;
import io.edgepush.service.testing.TestNode;
import io.edgepush.testing.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * A node from the image, in production mode, with a root file system that can not be written and
 * without privileges. Everybody may subscribe; {@link #KEY} publishes.
 */
final class ImageNode implements AutoCloseable {
  /** A publisher's key, of this run only. */
  static final String KEY = Secrets.note(UUID.randomUUID().toString());

  private static final String IMAGE = System.getProperty("image", "edgepush:test");
  private static final int PUBLIC_PORT = 8080;
  private static final int PRIVATE_PORT = 8081;
  private static final long MEMORY = 256L << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final GenericContainer<?> container =
      new GenericContainer<>(DockerImageName.parse(IMAGE));

  private ImageNode() {
    container
        .withExposedPorts(PUBLIC_PORT, PRIVATE_PORT)
        .withEnv("PUSH_CONFIG_TEXT", configuration())
        .withCreateContainerCmdModifier(
            create ->
                create
                    .getHostConfig()
                    .withReadonlyRootfs(true)
                    .withCapDrop(com.github.dockerjava.api.model.Capability.ALL)
                    .withMemory(MEMORY))
        .waitingFor(
            Wait.forHttp("/health/ready").forPort(PRIVATE_PORT).withStartupTimeout(PATIENCE));
  }

  /** Starts a node without Redis. */
  static ImageNode start() {
    ImageNode node = new ImageNode();
    node.container.start();
    return node;
  }

  /** Starts a node on a network, where Redis has an alias. */
  static ImageNode start(Network network, String redis) {
    ImageNode node = new ImageNode();
    node.container.withNetwork(network).withEnv("PUSH_REDIS", "redis://" + redis + ":6379");
    node.container.start();
    return node;
  }

  private static String configuration() {
    return """
        namespaces:
          - name: all
            patterns: ["**"]
            anonymous-subscribe: true
        publisher-keys:
          - name: test
            sha256: "%s"
        """
        .formatted(sha256(KEY));
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The node, for clients. */
  TestNode place() {
    return TestNode.at(container.getMappedPort(PUBLIC_PORT), container.getMappedPort(PRIVATE_PORT));
  }

  /** What the engine knows about it. */
  InspectContainerResponse state() {
    return container.getDockerClient().inspectContainerCmd(container.getContainerId()).exec();
  }

  /** Runs a program in it. */
  ExecResult run(String... command) {
    try {
      return container.execInContainer(command);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** All it has printed. */
  String log() {
    return container.getLogs();
  }

  /** Sends SIGTERM to its first process. */
  void terminate() {
    container
        .getDockerClient()
        .killContainerCmd(container.getContainerId())
        .withSignal("SIGTERM")
        .exec();
  }

  @Override
  public void close() {
    String written = log();
    container.close();
    Secrets.requireNoneIn("the container's log", written);
  }

  /** Redis on a network under the alias {@code redis}. */
  static GenericContainer<?> redis(Network network) {
    return new GenericContainer<>(DockerImageName.parse("redis:7-alpine"))
        .withNetwork(network)
        .withNetworkAliases("redis")
        .withExposedPorts(6379)
        .withCommand("redis-server", "--save", "", "--appendonly", "no");
  }
}
