package io.edgepush.service.redis;

import io.edgepush.backplane.BackplaneException;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import redis.clients.jedis.HostAndPort;

/**
 * The ways to all partitions for one purpose: a {@link Lane} for each, and a {@link Pipeline} to
 * each master. Whoever sends a command names its partition and need not know more. Sending is for
 * any thread, the rest for one.
 */
final class Lanes implements AutoCloseable {
  private final String name;
  private final RedisContext context;
  private final CircuitBreakerRegistry circuits;
  private final boolean fixed;
  private final List<Lane> lanes;
  private final Map<HostAndPort, Pipeline> pipelines = new ConcurrentHashMap<>();
  private final AtomicLong heldBytes = new AtomicLong();
  private volatile boolean closed;

  /**
   * Ways that lead nowhere yet.
   *
   * @param fixed whether there is one server only, always the same
   */
  Lanes(String name, RedisContext context, CircuitBreakerRegistry circuits, boolean fixed) {
    this.name = name;
    this.context = context;
    this.circuits = circuits;
    this.fixed = fixed;
    this.lanes =
        IntStream.range(0, context.config().partitions()).mapToObj(p -> new Lane(p, this)).toList();
  }

  /** Sends a command to where a partition lives, or fails it; returns its reply. */
  CompletableFuture<Object> send(int partition, Command command) {
    if (closed) {
      Link.fail(command, Faults.closed());
    } else {
      context.counters().commands.increment();
      lanes.get(partition).send(command);
    }
    return command.reply();
  }

  /** Partitions live here from now on. */
  void homes(Topology.Homes homes) {
    if (closed) {
      return;
    }
    // First: a claim may not name a master that has been replaced as one that lives.
    List<Pipeline> gone = new ArrayList<>();
    for (HostAndPort address : List.copyOf(pipelines.keySet())) {
      if (!homes.masters().contains(address)) {
        gone.add(pipelines.remove(address));
      }
    }
    homes.masters().forEach(this::open);
    for (int partition = 0; partition < lanes.size(); partition++) {
      Lane lane = lanes.get(partition);
      homes
          .byPartition()
          .get(partition)
          .ifPresentOrElse(
              at -> lane.home(open(at)),
              () -> lane.nowhere(Faults.away("no server has the slot", null, 0)));
    }
    gone.forEach(Pipeline::retire);
  }

  /** Nobody knows where partitions live. */
  void unknown(Throwable why) {
    BackplaneException away = Faults.away(Faults.words(why), why, 0);
    lanes.forEach(lane -> lane.unknown(away));
  }

  private Pipeline open(HostAndPort address) {
    return pipelines.computeIfAbsent(
        address,
        at -> {
          String circuit = fixed ? name : name + " " + at;
          Pipeline pipeline = new Pipeline(name, at, context, new Circuit(circuit, circuits));
          pipeline.start();
          return pipeline;
        });
  }

  /** The way to a server. */
  Optional<Pipeline> at(HostAndPort address) {
    return Optional.ofNullable(pipelines.get(address));
  }

  /** Takes room for a command that waits; false when there is none. */
  boolean hold(Command command) {
    boolean fits = heldBytes.addAndGet(command.bytes()) <= context.config().queueBytes();
    if (!fits) {
      release(command);
      context.counters().overloads.increment();
    }
    return fits;
  }

  void release(Command command) {
    heldBytes.addAndGet(-command.bytes());
  }

  /** A command that gives a partition to the server that it is sent to. */
  Command claim(int partition) {
    List<byte[]> parameters = new ArrayList<>();
    parameters.add(context.keys().clock(partition));
    parameters.add(RandomText.epoch());
    pipelines.values().stream()
        .map(Pipeline::server)
        .flatMap(Optional::stream)
        .forEach(parameters::add);
    long deadline = System.nanoTime() + context.config().timeout().toNanos();
    Command claim = Command.call(Script.CLAIM, 1, parameters, deadline);
    claim
        .reply()
        .thenAccept(
            began -> {
              if (Long.valueOf(1).equals(began)) {
                context.counters().epochs.increment();
              }
            });
    return claim;
  }

  /** Bytes of commands without answer. */
  long bytes() {
    return heldBytes.get() + pipelines.values().stream().mapToLong(Pipeline::bytes).sum();
  }

  /** Connections that are up. */
  long connections() {
    return pipelines.values().stream().filter(Pipeline::connected).count();
  }

  /** Fails what waits for too long. Called about every tenth of a second by one thread. */
  void tick(long now) {
    pipelines.values().forEach(pipeline -> pipeline.sweep(now));
    lanes.forEach(lane -> lane.tick(now));
  }

  /** Ends all connections and fails all commands. Idempotent; blocks until that is done. */
  @Override
  public void close() {
    closed = true;
    pipelines.values().forEach(Pipeline::close);
    lanes.forEach(lane -> lane.nowhere(Faults.closed()));
  }
}
