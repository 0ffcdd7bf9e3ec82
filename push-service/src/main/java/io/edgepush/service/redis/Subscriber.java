package io.edgepush.service.redis;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps one connection subscribed to the channels that are wanted, whatever happens to it: it
 * connects again and subscribes all of them. Two virtual threads: one reads and never waits for
 * anything else, one sends.
 */
final class Subscriber implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Subscriber.class.getName());
  private static final String NAME = "subscribe";

  private final RedisConfig config;
  private final Channels channels;
  private final List<FeedLoop> feeds;
  private final RedisCounters counters;
  private final Thread runner = Thread.ofVirtual().name("redis-subscribe").unstarted(this::run);
  // Guards wanted and link, so that a change goes either to the present link or into the next one's
  // beginning.
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, SubscriberLink.Change> wanted = new LinkedHashMap<>();
  private SubscriberLink link;
  private volatile boolean closed;

  Subscriber(RedisConfig config, Channels channels, List<FeedLoop> feeds, RedisCounters counters) {
    this.config = config;
    this.channels = channels;
    this.feeds = feeds;
    this.counters = counters;
  }

  void start() {
    runner.start();
  }

  /**
   * Subscribes a channel. Returns at once.
   *
   * @param partition channels of different partitions are never named in one command
   * @param ticket is told when it is subscribed
   */
  void subscribe(int partition, String channel, long ticket) {
    SubscriberLink.Change change = new SubscriberLink.Change(true, partition, channel, ticket);
    lock.lock();
    try {
      wanted.put(channel, change);
      if (link != null) {
        link.change(change);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Unsubscribes a channel. Returns at once; messages may still come. */
  void unsubscribe(int partition, String channel) {
    lock.lock();
    try {
      wanted.remove(channel);
      if (link != null) {
        link.change(new SubscriberLink.Change(false, partition, channel, 0));
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    Backoff backoff = new Backoff(config.minBackoff(), config.maxBackoff());
    boolean told = false;
    while (!closed) {
      try {
        serve(connect());
        told = false;
        backoff.reset();
      } catch (RuntimeException | IOException e) {
        if (!told && !closed) {
          LOG.log(
              Level.WARNING,
              "{0}: {1} cannot be reached: {2}",
              NAME,
              Endpoint.shown(config.subscribe()),
              Faults.words(e));
        }
        told = true;
      }
      sleep(backoff.next());
    }
  }

  private SubscriberLink connect() throws IOException {
    Duration silence = config.heartbeat().multipliedBy(5).dividedBy(2);
    RedisConnection connection =
        RedisConnection.open(
            config.subscribe(), config.trust(), "edgepush-" + NAME, config.timeout(), silence);
    return new SubscriberLink(connection, channels, config.heartbeat());
  }

  private void serve(SubscriberLink connected) {
    counters.connects.increment();
    LOG.log(Level.INFO, "{0}: connected to {1}", NAME, Endpoint.shown(config.subscribe()));
    lock.lock();
    try {
      link = connected;
      List<SubscriberLink.Change> all = new ArrayList<>(wanted.values());
      all.forEach(connected::change);
    } finally {
      lock.unlock();
    }
    if (closed) {
      connected.end(Faults.closed());
    }
    connected.serve();
    lock.lock();
    try {
      link = null;
    } finally {
      lock.unlock();
    }
    feeds.forEach(feed -> feed.event(new FeedInput.Disconnected()));
    if (!closed) {
      counters.losses.increment();
      LOG.log(Level.WARNING, "{0}: connection lost: {1}", NAME, Faults.words(connected.reason()));
    }
  }

  private void sleep(long ms) {
    try {
      if (!closed) {
        Thread.sleep(ms);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the connection. Idempotent; blocks until it has ended. */
  @Override
  public void close() {
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
    if (runner.getState() != Thread.State.NEW) {
      Threads.join(runner);
    }
  }
}
