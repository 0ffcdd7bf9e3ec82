package io.edgepush.service.faults;

import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.testing.Relay;
import io.edgepush.service.testing.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/**
 * Nodes of the service, each a process of its own, with a {@link Relay} between each and Redis.
 * Safe for any thread but for what starts and ends nodes.
 */
final class Nodes implements AutoCloseable {
  /** What an operator would give a small node; the compiler's first tier, for a quick start. */
  private static final List<String> JVM = List.of("-Xmx256m", "-XX:+UseSerialGC");

  private final Path directory;
  private final int redisPort;
  private final List<String> options;
  private final List<Node> nodes = new CopyOnWriteArrayList<>();

  private record Node(ServiceProcess process, Relay redis, int publicPort, int privatePort) {}

  /**
   * None yet.
   *
   * @param directory where they put their files
   * @param options of each
   */
  Nodes(Path directory, int redisPort, String... options) {
    this.directory = directory;
    this.redisPort = redisPort;
    this.options = List.of(options);
  }

  /** Starts so many more, at the same time. Blocks until all are ready. */
  Nodes start(int count) throws IOException {
    List<Relay> relays = new ArrayList<>();
    List<ServiceProcess> processes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Relay relay = Relay.to(redisPort);
      relays.add(relay);
      processes.add(start(relay, 0, 0));
    }
    for (int i = 0; i < count; i++) {
      nodes.add(ready(processes.get(i), relays.get(i)));
    }
    return this;
  }

  private ServiceProcess start(Relay relay, int publicPort, int privatePort) throws IOException {
    List<String> all = new ArrayList<>(List.of("--redis=" + relay.redis()));
    all.addAll(options);
    if (publicPort > 0) {
      all.addAll(List.of("--port=" + publicPort, "--private-port=" + privatePort));
    }
    return ServiceProcess.starting(directory, JVM, all);
  }

  private static Node ready(ServiceProcess process, Relay relay) throws IOException {
    if (!process.awaitReady().isAlive()) {
      throw new AssertionError(process.err());
    }
    return new Node(process, relay, process.port("subscribe"), process.port("publish"));
  }

  /** Starts one again where it was. Blocks until it is ready. */
  void restart(int number) throws IOException {
    Node before = nodes.get(number);
    before.process().close();
    ServiceProcess process = start(before.redis(), before.publicPort(), before.privatePort());
    nodes.set(number, ready(process, before.redis()));
  }

  int count() {
    return nodes.size();
  }

  /** The public port of a node; numbers go round. */
  int publicPort(int number) {
    return nodes.get(number % nodes.size()).publicPort();
  }

  /** The private port of a node; numbers go round. */
  int privatePort(int number) {
    return nodes.get(number % nodes.size()).privatePort();
  }

  /** The process of a node. */
  ServiceProcess process(int number) {
    return nodes.get(number).process();
  }

  /** The way from a node to Redis. */
  Relay redis(int number) {
    return nodes.get(number).redis();
  }

  /** The ways from all nodes to Redis. */
  List<Relay> redis() {
    return nodes.stream().map(Node::redis).toList();
  }

  /** What a node answers on its private port. */
  HttpAnswer get(int number, String target) {
    try {
      return LiveNode.exchange(privatePort(number), HttpText.request("GET " + target));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a node says that it is ready. */
  boolean isReady(int number) {
    return get(number, "/health/ready").status() == 200;
  }

  /** The sum of a node's samples whose line begins with a text. */
  double metric(int number, String begin) {
    return get(number, "/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith(begin))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** How many descriptors a node has open. */
  long descriptors(int number) {
    try {
      return process(number).openFiles();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Bytes on a node's heap after its garbage was collected, by the {@code jcmd} of this JDK: the
   * least of three, as a node that serves allocates before it is asked.
   */
  double heap(int number) {
    return IntStream.range(0, 3).mapToDouble(_ -> collected(number)).min().orElseThrow();
  }

  private double collected(int number) {
    try {
      String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      int exit =
          new ProcessBuilder(jcmd, Long.toString(process(number).pid()), "GC.run")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      if (exit != 0) {
        throw new IllegalStateException("jcmd GC.run: " + exit);
      }
      return metric(number, "jvm_memory_used_bytes{area=\"heap\"");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The lines of a node's log that hold a text. */
  List<String> log(int number, String text) {
    try {
      return process(number).err().lines().filter(line -> line.contains(text)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    for (Node node : nodes) {
      node.process().close();
      node.redis().close();
    }
  }
}
