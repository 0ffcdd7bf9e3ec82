package io.edgepush.service.testing;

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
public final class ServiceProcess implements AutoCloseable {
  /** Longer than anything takes; a test that waits so long has failed. */
  private static final Duration HANG = Duration.ofSeconds(60);

  private static final Pattern URL = Pattern.compile("http://localhost:(\\d+)");

  private final Path out;
  private final Path err;
  private final Process process;

  private ServiceProcess(
      Path directory, List<String> shell, List<String> jvm, List<String> arguments)
      throws IOException {
    out = Files.createTempFile(directory, "out", ".txt");
    err = Files.createTempFile(directory, "err", ".txt");
    List<String> command = new ArrayList<>(shell);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /** Starts it. */
  public static ServiceProcess start(Path directory, String... arguments) throws IOException {
    return new ServiceProcess(directory, List.of(), List.of(), List.of(arguments));
  }

  /** Starts it in development mode, and waits until it says that it is ready. */
  public static ServiceProcess ready(Path directory, String... arguments) throws IOException {
    return starting(directory, List.of(), List.of(arguments)).awaitReady();
  }

  /** The same with options of the JVM. */
  public static ServiceProcess readyWith(Path directory, List<String> jvm, String... arguments)
      throws IOException {
    return starting(directory, jvm, List.of(arguments)).awaitReady();
  }

  /** The same with a limit of descriptors. */
  public static ServiceProcess readyWithin(Path directory, int descriptors, String... arguments)
      throws IOException {
    String limit = "ulimit -n " + descriptors + " && exec \"$0\" \"$@\"";
    List<String> shell = List.of("sh", "-c", limit);
    List<String> all = development(List.of(arguments));
    return new ServiceProcess(directory, shell, List.of(), all).awaitReady();
  }

  /** The same in a network of its own, that has nothing but loopback; needs Linux and root. */
  public static ServiceProcess readyApart(Path directory, String... arguments) throws IOException {
    List<String> shell =
        List.of("unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$0\" \"$@\"");
    List<String> all = development(List.of(arguments));
    return new ServiceProcess(directory, shell, List.of(), all).awaitReady();
  }

  /**
   * Starts it in development mode with options of the JVM, and does not wait.
   *
   * @param jvm such as {@code -Xmx128m}
   */
  public static ServiceProcess starting(Path directory, List<String> jvm, List<String> arguments)
      throws IOException {
    return new ServiceProcess(directory, List.of(), jvm, development(arguments));
  }

  private static List<String> development(List<String> arguments) {
    List<String> all =
        new ArrayList<>(List.of("--mode=development", "--port=0", "--private-port=0"));
    all.addAll(arguments);
    return all;
  }

  /** Waits until it says that it is ready, or has ended. */
  public ServiceProcess awaitReady() {
    await().atMost(HANG).until(() -> out().contains("ready in ") || !process.isAlive());
    return this;
  }

  /** What it has printed. */
  public String out() throws IOException {
    return Files.readString(out);
  }

  /** What it has printed as errors, the log among it. */
  public String err() throws IOException {
    return Files.readString(err);
  }

  /** The port in the line that begins with a word. */
  public int port(String word) throws IOException {
    String line = out().lines().filter(l -> l.startsWith(word)).findFirst().orElseThrow();
    Matcher matcher = URL.matcher(line);
    if (!matcher.find()) {
      throw new AssertionError(line);
    }
    return Integer.parseInt(matcher.group(1));
  }

  /** How many files it has open; Linux. */
  public long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
      return files.count();
    }
  }

  /** Its id. */
  public long pid() {
    return process.pid();
  }

  /** Ends it like a crash does, and waits for that. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Stops its work, as if it hung, until {@link #resume}. */
  public void pause() {
    Signals.send("STOP", process);
  }

  /** Lets it work again. */
  public void resume() {
    Signals.send("CONT", process);
  }

  /** Sends SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end. */
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(HANG.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
    try {
      Secrets.requireNoneIn("what the service printed", out() + err());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
