package io.edgepush.service.testing;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real Redis for the tests of a class, empty, on a free port of 127.0.0.1: a container when a
 * Docker engine answers that has the image, else a local {@code redis-server}. When there is
 * neither the tests fail. Register it in a static field with {@code @RegisterExtension}, or call
 * {@link #start} and {@link #close}.
 */
public final class RedisServer implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
  private final boolean process;
  private final List<String> options;
  private RedisInstance instance;

  /** A container or a process. */
  public RedisServer() {
    this(false, List.of());
  }

  private RedisServer(boolean process, List<String> options) {
    this.process = process;
    this.options = options;
  }

  /**
   * A process: several of them reach each other at {@link #uri}.
   *
   * @param options of its command line, besides
   */
  public static RedisServer process(String... options) {
    return new RedisServer(true, List.of(options));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    start();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  /** Starts a server. Blocks until it answers. */
  public void start() {
    if (!process && RedisContainer.available(true)) {
      instance = new RedisContainer();
    } else if (RedisProcess.available()) {
      instance = new RedisProcess(options.toArray(String[]::new));
    } else if (!process && RedisContainer.available(false)) {
      instance = new RedisContainer();
    } else {
      throw new IllegalStateException(
          "install redis-server (apt-get install redis-server) or start Docker");
    }
    instance.start();
  }

  /** Where it listens; the same after {@link #restart}. */
  public URI uri() {
    return URI.create("redis://127.0.0.1:" + instance.port());
  }

  /**
   * Executes a command on a connection of its own, and returns the reply as text, numbers and lists
   * of them.
   */
  public Object command(String name, String... arguments) {
    return RedisCommands.command(instance.port(), name, arguments);
  }

  /** Forgets all data. */
  public void flush() {
    command("FLUSHALL");
  }

  /** Does something that the server then lacks, like a replica that takes over too early. */
  public void goBackAfter(Runnable something) {
    RedisCommands.goBackAfter(instance.port(), something);
  }

  /** Ends the server like a crash does. */
  public void kill() {
    instance.kill();
  }

  /**
   * Starts it again on the same port, without data unless it was told to keep them. Blocks until it
   * answers.
   */
  public void restart() {
    instance.kill();
    instance.start();
  }

  /** Stops its work, as if it hung, until {@link #resume}. */
  public void pause() {
    instance.pause();
  }

  /** Lets it work again. */
  public void resume() {
    instance.resume();
  }

  /** Ends the server and removes its files. Idempotent. */
  @Override
  public void close() {
    if (instance != null) {
      instance.close();
    }
  }
}
