package io.edgepush.service.testing;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A cluster of three masters with a replica each, on free ports of 127.0.0.1. Register it in a
 * static field with {@code @RegisterExtension}, or call {@link #start} and {@link #close}.
 */
public final class ClusterSetup implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
  private static final int SLOTS = 16_384;
  private static final int MASTERS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int KEYS_AT_ONCE = 20;

  private final List<RedisProcess> nodes = new ArrayList<>();
  private final List<Integer> busPorts = new ArrayList<>();

  @Override
  public void beforeAll(ExtensionContext context) {
    start();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  /** Starts all and makes them a cluster. Blocks until it is one. */
  public void start() {
    for (int i = 0; i < 2 * MASTERS; i++) {
      int bus = RedisInstance.freePort();
      busPorts.add(bus);
      RedisProcess node =
          new RedisProcess(
              "--cluster-enabled",
              "yes",
              "--cluster-port",
              Integer.toString(bus),
              "--cluster-node-timeout",
              "1500",
              "--cluster-replica-validity-factor",
              "0",
              "--cluster-allow-replica-migration",
              "no",
              "--repl-diskless-sync-delay",
              "0");
      nodes.add(node);
      node.start();
      command(node.port(), "CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
    }
    for (int i = 0; i < MASTERS; i++) {
      String first = Integer.toString(i * SLOTS / MASTERS);
      String last = Integer.toString((i + 1) * SLOTS / MASTERS - 1);
      command(port(i), "CLUSTER", "ADDSLOTSRANGE", first, last);
    }
    meet();
    for (int i = 0; i < MASTERS; i++) {
      command(port(MASTERS + i), "CLUSTER", "REPLICATE", id(port(i)));
    }
    awaitWhole();
  }

  private void meet() {
    for (int i = 1; i < nodes.size(); i++) {
      command(
          port(0),
          "CLUSTER",
          "MEET",
          "127.0.0.1",
          Integer.toString(port(i)),
          Integer.toString(busPorts.get(i)));
    }
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                nodes.stream()
                    .map(node -> RedisCommands.text(node.port(), "CLUSTER", "INFO"))
                    .allMatch(
                        info ->
                            info.contains("cluster_state:ok")
                                && info.contains("cluster_known_nodes:" + nodes.size())));
  }

  /** Waits until every slot is served, every replica follows, and all nodes agree on it. */
  public void awaitWhole() {
    await().atMost(PATIENCE).until(this::whole);
  }

  private boolean whole() {
    long replicas =
        nodes.stream()
            .map(node -> RedisCommands.text(node.port(), "INFO", "replication"))
            .filter(info -> info.contains("master_link_status:up"))
            .count();
    return replicas == MASTERS
        && nodes.stream()
            .allMatch(
                node -> {
                  String info = RedisCommands.text(node.port(), "CLUSTER", "INFO");
                  String map = RedisCommands.text(node.port(), "CLUSTER", "NODES");
                  return info.contains("cluster_state:ok")
                      && !map.contains("fail")
                      && map.split("master", -1).length == MASTERS + 1;
                });
  }

  private int port(int index) {
    return nodes.get(index).port();
  }

  /** Where the service finds the cluster. */
  public URI uri() {
    return URI.create(
        "redis-cluster://"
            + nodes.stream()
                .limit(2)
                .map(n -> "127.0.0.1:" + n.port())
                .collect(Collectors.joining(",")));
  }

  /** Executes a command at a node, and returns the reply as text, numbers and lists of them. */
  public Object command(int port, String name, String... arguments) {
    return RedisCommands.command(port, name, arguments);
  }

  /** The port of the master that serves a slot, as a node sees it that runs. */
  public int master(int slot) {
    for (RedisProcess node : nodes) {
      String map = RedisCommands.text(node.port(), "CLUSTER", "SLOTS");
      if (!map.isEmpty()) {
        return (int) owner((List<?>) command(node.port(), "CLUSTER", "SLOTS"), slot);
      }
    }
    throw new IllegalStateException("no node answers");
  }

  private static long owner(List<?> map, int slot) {
    for (Object each : map) {
      List<?> range = (List<?>) each;
      if ((Long) range.get(0) <= slot && slot <= (Long) range.get(1)) {
        return (Long) ((List<?>) range.get(2)).get(1);
      }
    }
    throw new IllegalStateException("nobody serves slot " + slot);
  }

  /** The ports of all masters. */
  public List<Integer> masters() {
    return nodes.stream()
        .map(RedisProcess::port)
        .filter(p -> RedisCommands.text(p, "INFO", "replication").contains("role:master"))
        .toList();
  }

  /** The port of a master's replica. */
  public int replicaOf(int master) {
    String follows = "master_port:" + master + "\r";
    return nodes.stream()
        .map(RedisProcess::port)
        .filter(p -> RedisCommands.text(p, "INFO", "replication").contains(follows))
        .findFirst()
        .orElseThrow();
  }

  private String id(int port) {
    return Objects.toString(command(port, "CLUSTER", "MYID"));
  }

  /** Ends a node like a crash does. */
  public void kill(int port) {
    node(port).kill();
  }

  /** Starts a node again. Blocks until the cluster is whole. */
  public void restart(int port) {
    node(port).start();
    awaitWhole();
  }

  /** Stops a node's work, as if it hung. */
  public void pause(int port) {
    node(port).pause();
  }

  /** Lets it work again. */
  public void resume(int port) {
    node(port).resume();
  }

  /** Waits until another node than this one is master of a slot. */
  public void awaitMasterOtherThan(int port, int slot) {
    await()
        .atMost(PATIENCE)
        .until(() -> masters().stream().anyMatch(m -> m != port && serves(m, slot)));
  }

  private static boolean serves(int port, int slot) {
    List<?> map = (List<?>) RedisCommands.command(port, "CLUSTER", "SLOTS");
    return owner(map, slot) == port;
  }

  private RedisProcess node(int port) {
    return nodes.stream().filter(n -> n.port() == port).findFirst().orElseThrow();
  }

  /** Moves a slot with its keys to another master, as {@code redis-cli --cluster reshard} does. */
  public void move(int slot, int to) {
    int from = openSlot(slot, to);
    moveKeys(slot, from, to);
    closeSlot(slot, from, to);
  }

  /** Begins to move a slot to another master; returns the one that it is at. */
  public int openSlot(int slot, int to) {
    String number = Integer.toString(slot);
    int from = master(slot);
    command(to, "CLUSTER", "SETSLOT", number, "IMPORTING", id(from));
    command(from, "CLUSTER", "SETSLOT", number, "MIGRATING", id(to));
    return from;
  }

  /** Moves all keys of a slot that is on the move. */
  public void moveKeys(int slot, int from, int to) {
    String number = Integer.toString(slot);
    List<?> keys = keys(from, number);
    while (!keys.isEmpty()) {
      List<String> arguments =
          new ArrayList<>(
              List.of("127.0.0.1", Integer.toString(to), "", "0", "5000", "REPLACE", "KEYS"));
      keys.forEach(key -> arguments.add((String) key));
      command(from, "MIGRATE", arguments.toArray(String[]::new));
      keys = keys(from, number);
    }
  }

  /** Ends the move of a slot. */
  public void closeSlot(int slot, int from, int to) {
    String number = Integer.toString(slot);
    String owner = id(to);
    command(to, "CLUSTER", "SETSLOT", number, "NODE", owner);
    command(from, "CLUSTER", "SETSLOT", number, "NODE", owner);
    masters().forEach(port -> command(port, "CLUSTER", "SETSLOT", number, "NODE", owner));
  }

  private List<?> keys(int port, String slot) {
    return (List<?>)
        command(port, "CLUSTER", "GETKEYSINSLOT", slot, Integer.toString(KEYS_AT_ONCE));
  }

  @Override
  public void close() {
    nodes.forEach(RedisProcess::close);
  }
}
