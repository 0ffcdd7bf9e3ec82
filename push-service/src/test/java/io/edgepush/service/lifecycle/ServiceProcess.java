package io.edgepush.service.lifecycle;

import static org.awaitility.Awaitility.await;

import io.edgepush.service.Main;
import io.edgepush.testing.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The service as a process of its own. Ended with the test. */
final class ServiceProcess implements AutoCloseable {
  /** Longer than anything takes; a test that waits so long has failed. */
  private static final Duration HANG = Duration.ofSeconds(60);

  private static final Pattern URL = Pattern.compile("http://localhost:(\\d+)");

  private final Path out;
  private final Path err;
  private final Process process;

  private ServiceProcess(Path directory, List<String> shell, List<String> jvm, String... arguments)
      throws IOException {
    out = Files.createTempFile(directory, "out", ".txt");
    err = Files.createTempFile(directory, "err", ".txt");
    List<String> command = new ArrayList<>(shell);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
  }

  /** Starts it. */
  static ServiceProcess start(Path directory, String... arguments) throws IOException {
    return new ServiceProcess(directory, List.of(), List.of(), arguments);
  }

  /** Starts it in development mode, and waits until it says that it is ready. */
  static ServiceProcess ready(Path directory, String... arguments) throws IOException {
    return ready(directory, List.of(), List.of(), arguments);
  }

  /** The same with options of the JVM. */
  static ServiceProcess readyWith(Path directory, List<String> jvm, String... arguments)
      throws IOException {
    return ready(directory, List.of(), jvm, arguments);
  }

  /** The same with a limit of descriptors. */
  static ServiceProcess readyWithin(Path directory, int descriptors, String... arguments)
      throws IOException {
    String limit = "ulimit -n " + descriptors + " && exec \"$0\" \"$@\"";
    return ready(directory, List.of("sh", "-c", limit), List.of(), arguments);
  }

  private static ServiceProcess ready(
      Path directory, List<String> shell, List<String> jvm, String... arguments)
      throws IOException {
    List<String> all =
        new ArrayList<>(List.of("--mode=development", "--port=0", "--private-port=0"));
    all.addAll(List.of(arguments));
    ServiceProcess service = new ServiceProcess(directory, shell, jvm, all.toArray(String[]::new));
    await()
        .atMost(HANG)
        .until(() -> service.out().contains("ready in ") || !service.process.isAlive());
    return service;
  }

  /** What it has printed. */
  String out() throws IOException {
    return Files.readString(out);
  }

  /** What it has printed as errors, the log among it. */
  String err() throws IOException {
    return Files.readString(err);
  }

  /** The port in the line that begins with a word. */
  int port(String word) throws IOException {
    String line = out().lines().filter(l -> l.startsWith(word)).findFirst().orElseThrow();
    Matcher matcher = URL.matcher(line);
    if (!matcher.find()) {
      throw new AssertionError(line);
    }
    return Integer.parseInt(matcher.group(1));
  }

  /** How many files it has open; Linux. */
  long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
      return files.count();
    }
  }

  /** Sends SIGTERM. */
  void terminate() {
    process.destroy();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(HANG.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    try {
      Secrets.requireNoneIn("what the service printed", out() + err());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
