package io.edgepush.service.testing;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** Redis in a container with a fixed port, so that it can be started again. */
final class RedisContainer implements RedisInstance {
  private static final String IMAGE = "redis:7-alpine";
  private static final int INNER_PORT = 6379;
  private static final boolean AVAILABLE = probe();

  private final int port = RedisInstance.freePort();
  private final GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(IMAGE));

  /** Whether an engine answers within 2 seconds and has the image: nothing is pulled. */
  static boolean available() {
    return AVAILABLE;
  }

  private static boolean probe() {
    try {
      Process docker =
          new ProcessBuilder("docker", "image", "inspect", IMAGE)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean ended = docker.waitFor(2, TimeUnit.SECONDS);
      docker.destroyForcibly();
      return ended && docker.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  RedisContainer() {
    container.withExposedPorts(INNER_PORT).withCommand("redis-server", "--save", "", "--appendonly", "no");
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
    container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
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
