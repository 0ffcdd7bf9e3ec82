package io.edgepush.service.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A local {@code redis-server}, without persistence unless its options say so, in a directory of
 * its own.
 */
final class RedisProcess implements RedisInstance {
  private static final String PROGRAM = "redis-server";

  private final int port = RedisInstance.freePort();
  private final List<String> before;
  private final List<String> options;
  private final Path directory;
  private final Thread atExit = new Thread(this::cleanUp);
  private Process process;

  static boolean available() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
  }

  RedisProcess(String... options) {
    this(List.of(), concat(List.of("--save", "", "--appendonly", "no"), List.of(options)));
  }

  /** A sentinel, which keeps what it knows in its configuration file. */
  static RedisProcess sentinel(Path file) {
    return new RedisProcess(List.of(file.toString()), List.of("--sentinel"));
  }

  private static List<String> concat(List<String> one, List<String> other) {
    return Stream.of(one, other).flatMap(List::stream).toList();
  }

  private RedisProcess(List<String> before, List<String> options) {
    this.before = before;
    this.options = options;
    try {
      directory = Files.createTempDirectory("edgepush-redis");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void start() {
    List<String> command = new ArrayList<>();
    command.add(PROGRAM);
    command.addAll(before);
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(options);
    try {
      process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    RedisInstance.awaitAnswer(port);
  }

  @Override
  public void kill() {
    end();
  }

  private void end() {
    if (process != null) {
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  @Override
  public void pause() {
    Signals.send("STOP", process);
  }

  @Override
  public void resume() {
    Signals.send("CONT", process);
  }

  @Override
  public void close() {
    if (Files.exists(directory)) {
      cleanUp();
      Runtime.getRuntime().removeShutdownHook(atExit);
    }
  }

  private void cleanUp() {
    end();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
