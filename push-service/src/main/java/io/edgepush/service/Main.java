package io.edgepush.service;

import io.edgepush.service.config.ConfigReader;
import io.edgepush.service.config.ConfigWatch;
import io.edgepush.service.config.ConfigurationException;
import io.edgepush.service.config.Key;
import io.edgepush.service.config.ServiceConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Starts one node from the command line. */
public final class Main {
  private static final int EXIT_USAGE = 2;
  private static final PrintStream OUT = System.out;

  private Main() {}

  /** Runs until a signal ends it: see {@link EndSignals}. Exits with 2 when it can not start. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> given = List.of(arguments);
    if (given.contains("--help") || given.contains("-h")) {
      help();
      return;
    }
    Logging.configure();
    try {
      if (!given.isEmpty() && given.getFirst().equals("keys")) {
        KeysCommand.run(given.subList(1, given.size())).forEach(OUT::println);
        return;
      }
      run(given, ConfigReader.read(given, System.getenv()));
    } catch (ConfigurationException e) {
      fail(e.getMessage());
    }
  }

  private static void run(List<String> given, ServiceConfig config)
      throws IOException, InterruptedException {
    Node node;
    try {
      node = new Node(config);
    } catch (BindException e) {
      fail(Key.PORT, Key.HOST, config.edge().port(), config.edge().host(), e);
      return;
    } catch (UncheckedIOException e) {
      BindException bind = causeOf(e).orElseThrow(() -> e);
      fail(Key.PRIVATE_PORT, Key.PRIVATE_HOST, config.privatePort(), config.privateHost(), bind);
      return;
    }
    node.start();
    ConfigReader.file(given, System.getenv())
        .ifPresent(
            file ->
                node.watch(
                    new ConfigWatch(
                        file, () -> ConfigReader.read(given, System.getenv()), node::reload)));
    EndSignals.drainBy(node::drain);
    announce(config, node);
    new CountDownLatch(1).await(); // a signal ends the process
  }

  private static Optional<BindException> causeOf(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException bind) {
        return Optional.of(bind);
      }
    }
    return Optional.empty();
  }

  private static void announce(ServiceConfig config, Node node) {
    String open = url(config.tls().isPresent(), config.edge().host(), node.port());
    String closed = url(config.privateTls().isPresent(), config.privateHost(), node.privatePort());
    if (config.development()) {
      OUT.println(
          "DEVELOPMENT MODE: anybody on this machine may subscribe and publish everything. Not for production.");
    }
    OUT.println("subscribe  " + open + "/subscribe?topic=…   (WebSocket, SSE or long-poll)");
    OUT.println("page       " + open + "/");
    OUT.println("publish    " + closed + "/v1/events");
    OUT.println("read       " + closed + "/docs");
    OUT.println("operate    " + closed + "/health/ready  " + closed + "/metrics");
    OUT.println(
        "backplane  "
            + config
                .redis()
                .map(
                    r ->
                        "Redis at "
                            + r.uri().getHost()
                            + (r.uri().getPort() < 0 ? "" : ":" + r.uri().getPort()))
                .orElse("memory of this node"));
    long sinceStart =
        System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    OUT.println("ready in " + sinceStart + " ms");
  }

  private static String url(boolean tls, String host, int port) {
    String shown =
        host.equals("127.0.0.1") ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
    return (tls ? "https://" : "http://") + shown + ":" + port;
  }

  private static void help() {
    OUT.println(
        "Edgepush: one node. Each option is also a key of the --config file and an environment variable.");
    OUT.println();
    OUT.printf(
        "  %-26s %-30s %s%n",
        "--config FILE",
        "PUSH_CONFIG",
        "YAML file with any of these keys, namespaces, publisher-keys and token-keys");
    OUT.printf("  %-26s %-30s %s%n", "", "PUSH_CONFIG_TEXT", "what would be in that file");
    OUT.printf(
        "  %-57s %s%n",
        "keys new NAME [--scope PATTERN]... [--action ACTION]...",
        "prints a new publisher key and its lines for the file");
    for (Key key : Key.values()) {
      String fallback = key.fallback().isEmpty() ? "" : " [" + key.fallback() + "]";
      OUT.printf(
          "  %-26s %-30s %s%n",
          "--" + key.key(), key.environment(), key.description().replace("`", "") + fallback);
    }
  }

  private static void fail(Key portKey, Key hostKey, int port, String host, BindException e) {
    boolean taken = String.valueOf(e.getMessage()).contains("in use");
    fail(
        taken
            ? "port "
                + port
                + " of "
                + host
                + " is taken (is another node running?); use --"
                + portKey.key()
                + " N"
            : "port "
                + port
                + " of "
                + host
                + " can not be bound: "
                + e.getMessage()
                + "; see --"
                + hostKey.key()
                + " and --"
                + portKey.key());
  }

  private static void fail(String line) {
    System.err.println("edgepush: " + line);
    System.exit(EXIT_USAGE);
  }
}
