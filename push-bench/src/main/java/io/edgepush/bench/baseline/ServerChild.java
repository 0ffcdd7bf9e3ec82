package io.edgepush.bench.baseline;

import io.edgepush.bench.load.ServerProcess;
import io.edgepush.bench.load.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server as a process of its own on this machine, which ends with this one. */
public final class ServerChild implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("(?:port |http://[^:/]+:)(\\d+)");

  private final Process process;
  private final Path log;
  private final Thread atExit;
  private final Target target;

  private ServerChild(List<String> command, int ports) {
    try {
      log = Files.createTempFile("edgepush-bench", ".log");
      process = new ProcessBuilder(command).redirectError(log.toFile()).start();
      atExit = new Thread(process::destroy);
      Runtime.getRuntime().addShutdownHook(atExit);
      int[] found = ports(process.inputReader(StandardCharsets.UTF_8), ports);
      ServerProcess server = new ServerProcess(process.pid());
      target =
          ports == 1 ? Target.baseline(found[0], server) : Target.node(found[0], found[1], server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The bare broadcast server, on a free port.
   *
   * @param jvm options of its JVM
   */
  public static ServerChild baseline(List<String> jvm) {
    List<String> command = java(jvm);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "io.edgepush.bench.Main",
            "baseline",
            "--serve",
            "0"));
    return new ServerChild(command, 1);
  }

  /**
   * A node of the service in development mode, on free ports.
   *
   * @param jvm options of its JVM, and how it finds the service: {@code -jar FILE}, or a class path
   *     and a class
   * @param options of the service
   */
  public static ServerChild node(List<String> jvm, List<String> options) {
    List<String> command = java(jvm);
    command.addAll(List.of("--mode=development", "--port=0", "--private-port=0"));
    command.addAll(options);
    return new ServerChild(command, 2);
  }

  private static List<String> java(List<String> jvm) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseCompactObjectHeaders");
    command.addAll(jvm);
    return command;
  }

  /** The first different ports that it prints. */
  private int[] ports(BufferedReader out, int count) throws IOException {
    List<Integer> found = new ArrayList<>();
    StringBuilder all = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      all.append(line).append('\n');
      Matcher matcher = PORT.matcher(line);
      if (matcher.find() && !found.contains(Integer.valueOf(matcher.group(1)))) {
        found.add(Integer.valueOf(matcher.group(1)));
      }
      if (found.size() == count && (count == 1 || line.startsWith("ready"))) {
        return found.stream().mapToInt(Integer::intValue).toArray();
      }
    }
    throw new IOException("the server ended: " + all + Files.readString(log));
  }

  /** Where it is. */
  public Target target() {
    return target;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().removeShutdownHook(atExit);
  }
}
