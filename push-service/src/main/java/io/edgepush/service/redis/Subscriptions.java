package io.edgepush.service.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import redis.clients.jedis.HostAndPort;

/**
 * All channels that are wanted, each subscribed where its partition lives: a {@link Subscriber} for
 * each master. When a partition moves, its feed is told that the connection was lost. Subscribing
 * is for any thread, the rest for one.
 */
final class Subscriptions implements AutoCloseable {
  private final RedisContext context;
  private final Channels channels;
  private final List<FeedLoop> feeds;
  private final Map<HostAndPort, Subscriber> subscribers = new ConcurrentHashMap<>();
  // Guards wanted and homes, so that a channel is subscribed where its partition lives.
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Map<String, SubscriberLink.Change>> wanted;
  private final List<Optional<Subscriber>> homes;
  private volatile boolean closed;

  Subscriptions(RedisContext context, Channels channels, List<FeedLoop> feeds) {
    this.context = context;
    this.channels = channels;
    this.feeds = feeds;
    int partitions = context.config().partitions();
    this.wanted = new ArrayList<>();
    this.homes = new ArrayList<>();
    IntStream.range(0, partitions)
        .forEach(
            _ -> {
              wanted.add(new LinkedHashMap<>());
              homes.add(Optional.empty());
            });
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
      wanted.get(partition).put(channel, change);
      homes.get(partition).ifPresent(home -> home.subscribe(List.of(change)));
    } finally {
      lock.unlock();
    }
  }

  /** Unsubscribes a channel. Returns at once; messages may still come. */
  void unsubscribe(int partition, String channel) {
    SubscriberLink.Change change = new SubscriberLink.Change(false, partition, channel, 0);
    lock.lock();
    try {
      wanted.get(partition).remove(channel);
      homes.get(partition).ifPresent(home -> home.unsubscribe(change));
    } finally {
      lock.unlock();
    }
  }

  /** Partitions live here from now on. */
  void homes(Topology.Homes now) {
    if (closed) {
      return;
    }
    for (int partition = 0; partition < homes.size(); partition++) {
      move(partition, now.byPartition().get(partition).map(this::open));
    }
    List<HostAndPort> gone = new ArrayList<>(subscribers.keySet());
    now.byPartition().stream().flatMap(Optional::stream).forEach(gone::remove);
    gone.forEach(address -> subscribers.remove(address).retire());
  }

  private Subscriber open(HostAndPort address) {
    return subscribers.computeIfAbsent(
        address,
        at -> {
          Subscriber subscriber = new Subscriber(at, context, channels, feeds);
          subscriber.start();
          return subscriber;
        });
  }

  private void move(int partition, Optional<Subscriber> to) {
    lock.lock();
    try {
      Optional<Subscriber> from = homes.get(partition);
      if (from.equals(to)) {
        return;
      }
      homes.set(partition, to);
      from.ifPresent(home -> home.leave(partition));
      feeds.get(partition).source(to);
      to.ifPresent(home -> home.subscribe(wanted.get(partition).values()));
    } finally {
      lock.unlock();
    }
  }

  /** Connections that are up. */
  long connections() {
    return subscribers.values().stream().filter(Subscriber::connected).count();
  }

  /** Ends all connections. Idempotent; blocks until they have ended. */
  @Override
  public void close() {
    closed = true;
    subscribers.values().forEach(Subscriber::close);
  }
}
