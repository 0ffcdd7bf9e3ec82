package io.edgepush.service.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A master, replicas and three sentinels on free ports of 127.0.0.1. Register it in a static field
 * with {@code @RegisterExtension}, or call {@link #start} and {@link #close}.
 */
public final class SentinelSetup implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
  /** The name of the master. */
  public static final String MASTER = "events";

  private static final int SENTINELS = 3;
  private static final int REPLICAS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String[] options;
  private final String[] sentinelLines;
  private final List<RedisProcess> servers = new ArrayList<>();
  private final List<RedisProcess> sentinels = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();

  /** Servers and sentinels that let everybody in. */
  public SentinelSetup() {
    this(new String[0], new String[0]);
  }

  /**
   * Servers and sentinels of a kind.
   *
   * @param options of the servers
   * @param sentinelLines of the sentinels' files
   */
  public SentinelSetup(String[] options, String[] sentinelLines) {
    this.options = options.clone();
    this.sentinelLines = sentinelLines.clone();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    start();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  /** Starts all. Blocks until the sentinels know each other and the replicas. */
  public void start() {
    prepare();
    startServers();
    startSentinels();
  }

  /** Chooses ports; then {@link #uri} is known. */
  public void prepare() {
    servers.add(new RedisProcess(options));
    List<String> replica = new ArrayList<>(List.of(options));
    replica.addAll(
        List.of(
            "--replicaof",
            "127.0.0.1 " + servers.getFirst().port(),
            "--repl-diskless-sync-delay",
            "0"));
    for (int i = 0; i < REPLICAS; i++) {
      servers.add(new RedisProcess(replica.toArray(String[]::new)));
    }
    for (int i = 0; i < SENTINELS; i++) {
      sentinels.add(RedisProcess.sentinel(file()));
    }
  }

  private Path file() {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "sentinel monitor " + MASTER + " 127.0.0.1 " + servers.getFirst().port() + " 2",
                "sentinel down-after-milliseconds " + MASTER + " 1000",
                "sentinel failover-timeout " + MASTER + " 4000"));
    lines.addAll(List.of(sentinelLines));
    try {
      Path file = Files.write(Files.createTempFile("edgepush-sentinel", ".conf"), lines);
      files.add(file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the master and the replicas. Blocks until one follows. */
  public void startServers() {
    servers.forEach(RedisProcess::start);
    awaitReplica();
  }

  /** Starts the sentinels. Blocks until they know each other and the replicas. */
  public void startSentinels() {
    sentinels.forEach(RedisProcess::start);
    awaitSentinels();
  }

  /** Waits until a replica follows the master. */
  public void awaitReplica() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                servers.stream()
                    .map(s -> RedisCommands.text(s.port(), "INFO", "replication"))
                    .anyMatch(info -> info.contains("master_link_status:up")));
  }

  /** Waits until all replicas have what the master has. */
  public void awaitReplicated() {
    await()
        .atMost(PATIENCE)
        .until(() -> (Long) command("WAIT", Integer.toString(REPLICAS), "100") == REPLICAS);
  }

  private void awaitSentinels() {
    String known = "num-other-sentinels, " + (SENTINELS - 1);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                sentinels.stream()
                    .map(s -> RedisCommands.text(s.port(), "SENTINEL", "MASTER", MASTER))
                    .allMatch(
                        told ->
                            told.contains(known)
                                && told.contains("num-slaves, " + REPLICAS)
                                && told.contains("flags, master,")));
  }

  /** Where the service finds the sentinels. */
  public URI uri() {
    return URI.create("redis-sentinel://" + hosts() + "#" + MASTER);
  }

  /** The sentinels, as they stand in a URI. */
  public String hosts() {
    return sentinels.stream().map(s -> "127.0.0.1:" + s.port()).collect(Collectors.joining(","));
  }

  /** The port of the master, as the sentinels see it. */
  public int master() {
    List<?> address =
        (List<?>)
            RedisCommands.command(
                sentinels.getFirst().port(), "SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER);
    return Integer.parseInt((String) address.get(1));
  }

  /** Executes a command at the master. */
  public Object command(String name, String... arguments) {
    return RedisCommands.command(master(), name, arguments);
  }

  /** Ends the master like a crash does, and returns its port. */
  public int killMaster() {
    int port = master();
    server(port).kill();
    return port;
  }

  /** Stops the master's work, as if it hung, and returns its port. */
  public int pauseMaster() {
    int port = master();
    server(port).pause();
    return port;
  }

  /** Lets a server work again. */
  public void resume(int port) {
    server(port).resume();
  }

  /** Asks for a fail-over, and waits until the sentinels know another master. */
  public void failOver() {
    int before = master();
    int sentinel = sentinels.getFirst().port();
    await()
        .atMost(PATIENCE)
        .until(() -> RedisCommands.text(sentinel, "SENTINEL", "FAILOVER", MASTER).equals("OK"));
    awaitMasterOtherThan(before);
  }

  /** Waits until the sentinels know another master. */
  public void awaitMasterOtherThan(int port) {
    await().atMost(PATIENCE).until(() -> master() != port);
  }

  /** Starts a server again that was ended; sentinels make it a replica some time later. */
  public void restart(int port) {
    server(port).start();
  }

  private RedisProcess server(int port) {
    return servers.stream().filter(s -> s.port() == port).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    sentinels.forEach(RedisProcess::close);
    servers.forEach(RedisProcess::close);
    files.forEach(file -> file.toFile().delete());
  }
}
