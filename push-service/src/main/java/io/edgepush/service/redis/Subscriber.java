package io.edgepush.service.redis;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Keeps one connection to a server subscribed to the channels that are wanted there, whatever
 * happens to it: it connects again and subscribes all of them. Two virtual threads: one reads and
 * never waits for anything else, one sends.
 */
final class Subscriber implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Subscriber.class.getName());
  private static final String NAME = "subscribe";

  private final HostAndPort address;
  private final RedisContext context;
  private final Channels channels;
  private final List<FeedLoop> feeds;
  private final Thread runner = Thread.ofVirtual().name("redis-subscribe").unstarted(this::run);
  // Guards wanted and link, so that a change goes either to the present link or into the next one's
  // beginning.
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, SubscriberLink.Change> wanted = new LinkedHashMap<>();
  private SubscriberLink link;
  private volatile boolean connected;
  private volatile boolean closed;

  Subscriber(HostAndPort address, RedisContext context, Channels channels, List<FeedLoop> feeds) {
    this.address = address;
    this.context = context;
    this.channels = channels;
    this.feeds = feeds;
  }

  void start() {
    runner.start();
  }

  /** Subscribes channels. Returns at once. */
  void subscribe(Collection<SubscriberLink.Change> changes) {
    lock.lock();
    try {
      for (SubscriberLink.Change change : changes) {
        wanted.put(change.channel(), change);
        if (link != null) {
          link.change(change);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Unsubscribes a channel. Returns at once; messages may still come. */
  void unsubscribe(SubscriberLink.Change change) {
    lock.lock();
    try {
      wanted.remove(change.channel());
      if (link != null) {
        link.change(change);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A partition lives elsewhere: its channels are not wanted here any more. */
  void leave(int partition) {
    lock.lock();
    try {
      wanted.values().removeIf(change -> change.partition() == partition);
    } finally {
      lock.unlock();
    }
  }

  /** What an error says about where partitions live, which is passed on; empty when nothing. */
  Optional<Detour> detour(JedisDataException error) {
    Optional<Detour> detour = Detour.of(error, address);
    detour.ifPresent(d -> context.topology().doubt(d.target()));
    return detour;
  }

  boolean connected() {
    return connected;
  }

  private void run() {
    RedisConfig config = context.config();
    Backoff backoff = new Backoff(config.minBackoff(), config.maxBackoff());
    boolean told = false;
    while (!closed) {
      try {
        serve(connect());
        told = false;
        backoff.reset();
      } catch (RuntimeException | IOException e) {
        if (!told && !closed) {
          LOG.log(Level.WARNING, "{0}: {1} cannot be reached: {2}", NAME, address, Faults.words(e));
        }
        told = true;
      }
      if (!closed) {
        context.topology().doubt(Optional.empty());
        Threads.sleep(backoff.next());
      }
    }
  }

  private SubscriberLink connect() throws IOException {
    Duration heartbeat = context.config().heartbeat();
    Duration silence = heartbeat.multipliedBy(5).dividedBy(2);
    RedisConnection connection = context.dialer().open(address, "edgepush-" + NAME, silence);
    try {
      ServerVersion.ask(connection);
      connection.send();
      ServerVersion.check(connection);
      return new SubscriberLink(connection, this, channels, heartbeat);
    } catch (RuntimeException | IOException e) {
      connection.end();
      throw e;
    }
  }

  private void serve(SubscriberLink next) {
    context.counters().connects.increment();
    LOG.log(Level.INFO, "{0}: connected to {1}", NAME, address);
    lock.lock();
    try {
      link = next;
      List<SubscriberLink.Change> all = new ArrayList<>(wanted.values());
      all.forEach(next::change);
    } finally {
      lock.unlock();
    }
    if (closed) {
      next.end(Faults.closed());
    }
    connected = true;
    next.serve();
    connected = false;
    lock.lock();
    try {
      link = null;
    } finally {
      lock.unlock();
    }
    feeds.forEach(feed -> feed.event(this, new FeedInput.Disconnected()));
    if (!closed) {
      context.counters().losses.increment();
      LOG.log(
          Level.WARNING,
          "{0}: connection to {1} lost: {2}",
          NAME,
          address,
          Faults.words(next.reason()));
    }
  }

  /** Ends the connection, and returns before that is done. Idempotent. */
  void retire() {
    closed = true;
    runner.interrupt();
    lock.lock();
    try {
      if (link != null) {
        link.end(Faults.closed());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the connection. Idempotent; blocks until it has ended. */
  @Override
  public void close() {
    retire();
    if (runner.getState() != Thread.State.NEW) {
      Threads.join(runner);
    }
  }
}
