package io.edgepush.service.redis;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import redis.clients.jedis.HostAndPort;

/**
 * Asks whoever answers: at the start, when there is doubt, and then for some seconds more, for
 * those who decide about a new master need that long. Who answered last is asked last, so that one
 * who is cut off from the others does not have the last word. One virtual thread.
 */
final class AskingTopology implements Topology {
  private static final System.Logger LOG = System.getLogger(AskingTopology.class.getName());
  private static final long BETWEEN_MS = 50;
  private static final long NEXT = Duration.ofMillis(250).toNanos();
  private static final long ATTENTION = Duration.ofSeconds(5).toNanos();

  private final List<HostAndPort> seeds;
  private final Oracle oracle;
  private final Dialer dialer;
  private final RedisConfig config;
  private final RedisCounters counters;
  private final Thread runner = Thread.ofVirtual().name("redis-topology").unstarted(this::run);
  private final Waiter waiter = new Waiter();
  private volatile Optional<HostAndPort> hint = Optional.empty();
  private volatile boolean due;
  private volatile boolean closed;
  private volatile long doubtedAt = System.nanoTime() - ATTENTION;
  // Of the thread, once it runs.
  private final Set<HostAndPort> known = new LinkedHashSet<>();
  private Optional<Oracle.Answer> last = Optional.empty();
  private boolean away;
  private Listener listener;

  AskingTopology(
      List<HostAndPort> seeds,
      Oracle oracle,
      Dialer dialer,
      RedisConfig config,
      RedisCounters counters) {
    this.seeds = List.copyOf(seeds);
    this.oracle = oracle;
    this.dialer = dialer;
    this.config = config;
    this.counters = counters;
    known.addAll(seeds);
  }

  @Override
  public void start(Listener told) {
    listener = told;
    runner.start();
  }

  @Override
  public void doubt(Optional<HostAndPort> better) {
    doubtedAt = System.nanoTime();
    look(better);
  }

  /** Asks once, without a doubt. */
  void look(Optional<HostAndPort> better) {
    if (better.isPresent()) {
      hint = better;
    }
    due = true;
    waiter.wake();
  }

  private void run() {
    Backoff backoff = new Backoff(config.minBackoff(), config.maxBackoff());
    while (!closed) {
      due = false;
      if (renew()) {
        backoff.reset();
        sleep(BETWEEN_MS);
        rest();
      } else {
        sleep(backoff.next());
      }
    }
  }

  private void rest() {
    if (System.nanoTime() - doubtedAt < ATTENTION) {
      waiter.await(() -> closed || due, NEXT);
    } else {
      waiter.await(() -> closed || due);
    }
  }

  private boolean renew() {
    Set<HostAndPort> candidates = new LinkedHashSet<>();
    hint.ifPresent(candidates::add);
    hint = Optional.empty();
    candidates.addAll(known);
    candidates.addAll(seeds);
    Optional<Oracle.Answer> stale = Optional.empty();
    Throwable why = Faults.closed();
    for (HostAndPort address : candidates) {
      try {
        Oracle.Answer answer = ask(address);
        if (answer.version() >= last.map(Oracle.Answer::version).orElse(0L)) {
          tell(answer, address);
          return true;
        }
        stale = stale.filter(s -> s.version() >= answer.version()).or(() -> Optional.of(answer));
      } catch (RuntimeException | IOException e) {
        why = e;
      }
      if (closed) {
        return false;
      }
    }
    if (stale.isPresent()) {
      tell(stale.get(), candidates.iterator().next());
      return true;
    }
    unknown(why);
    return false;
  }

  private Oracle.Answer ask(HostAndPort address) throws IOException {
    RedisConnection connection = dialer.open(address, "edgepush-topology", dialer.timeout());
    try {
      return oracle.ask(connection, address);
    } finally {
      connection.end();
    }
  }

  private void tell(Oracle.Answer answer, HostAndPort address) {
    counters.renewals.increment();
    known.addAll(answer.others());
    known.removeIf(each -> !answer.others().contains(each) && !seeds.contains(each));
    if (known.remove(address)) {
      known.add(address);
    }
    boolean changed = last.isPresent() && !last.get().homes().equals(answer.homes());
    if (changed) {
      counters.switches.increment();
      boolean slots = last.get().homes().masters().equals(answer.homes().masters());
      LOG.log(
          slots ? Level.INFO : Level.WARNING,
          slots ? "slots moved between {0}" : "masters are now {0}",
          answer.homes().masters());
    }
    away = false;
    last = Optional.of(answer);
    listener.homes(answer.homes());
  }

  private void unknown(Throwable why) {
    if (!away) {
      LOG.log(
          Level.WARNING,
          "none of {0} says where the master is: {1}",
          new ArrayList<>(known),
          Faults.words(why));
    }
    away = true;
    listener.unknown(why);
  }

  private void sleep(long ms) {
    if (!closed) {
      Threads.sleep(ms);
    }
  }

  /** Blocks until the thread has ended. */
  @Override
  public void close() {
    closed = true;
    waiter.wake();
    if (runner.getState() != Thread.State.NEW) {
      runner.interrupt();
      Threads.join(runner);
    }
  }
}
