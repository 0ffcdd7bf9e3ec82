package io.edgepush.service.testing;

import com.github.dockerjava.api.exception.ConflictException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** Redis in a container with a fixed port, so that it can be started again. */
final class RedisContainer implements RedisInstance {
  private static final String IMAGE = "redis:7-alpine";
  private static final int INNER_PORT = 6379;
  private static final boolean HAS_IMAGE = hasImage(IMAGE);
  private static final boolean READY = HAS_IMAGE && hasReaper();

  private final int port = RedisInstance.freePort();
  private final GenericContainer<?> container =
      new GenericContainer<>(DockerImageName.parse(IMAGE));

  /**
   * Whether an engine answers and has the image, and {@code ready} whether it has all that starting
   * it takes.
   */
  static boolean available(boolean ready) {
    return HAS_IMAGE && (READY || !ready);
  }

  private static boolean hasReaper() {
    return Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"))
        || hasImage("testcontainers/ryuk");
  }

  /** Asks the engine, for 2 seconds at most; nothing is pulled. */
  private static boolean hasImage(String image) {
    try {
      Path listed = Files.createTempFile("edgepush-images", "");
      Process docker =
          new ProcessBuilder("docker", "image", "ls", "--quiet", image)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectOutput(listed.toFile())
              .start();
      boolean ended = docker.waitFor(2, TimeUnit.SECONDS);
      docker.destroyForcibly();
      boolean found = ended && docker.exitValue() == 0 && Files.size(listed) > 0;
      Files.delete(listed);
      return found;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  RedisContainer() {
    container
        .withExposedPorts(INNER_PORT)
        .withCommand("redis-server", "--save", "", "--appendonly", "no");
    container.setPortBindings(List.of("127.0.0.1:" + port + ":" + INNER_PORT));
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void start() {
    if (container.getContainerId() == null) {
      container.start();
    } else {
      container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
    }
    RedisInstance.awaitAnswer(port);
  }

  @Override
  public void kill() {
    try {
      container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
    } catch (ConflictException _) {
      // It is not running: the engine refuses to end it twice.
    }
  }

  @Override
  public void pause() {
    container.getDockerClient().pauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void resume() {
    container.getDockerClient().unpauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void close() {
    container.stop();
  }
}
