package io.edgepush.service.redis;

import io.edgepush.backplane.Attached;
import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.Published;
import io.edgepush.backplane.Replay;
import io.edgepush.backplane.TopicState;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Revocation;
import io.edgepush.model.Topic;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The backplane of any number of nodes, over Redis 7 or later: a server, a master that sentinels
 * watch, or a cluster. Redis must not evict ({@code maxmemory-policy noeviction}): what it forgot
 * by itself could not be announced as a gap.
 *
 * <p>Stages complete on the threads that read from Redis, those of {@link #attach} on the thread
 * that calls the {@link Backplane.Listener}: what depends on them must not block. A call takes at
 * most the configured timeout (an attach twice as long) and a tenth of a second, and fails at once
 * while Redis is away, or while half of the calls before failed. A publish whose connection is lost
 * is repeated once with the same idempotency key.
 *
 * <p>A topic's last position is kept for 25 hours after its last event or for as long as it is
 * attached; later a position 24 hours ago stands in for it, so a cursor older than that gets a gap,
 * though perhaps nothing was lost.
 */
public final class RedisBackplane implements Backplane {
  private static final int NODE_LENGTH = 12;
  private static final long TICK_MS = 100;
  private static final long LEAST_FEED_BYTES = 1 << 20;

  private final RedisConfig config;
  private final Keys keys;
  private final RedisCounters counters = new RedisCounters();
  private final CircuitBreakerRegistry circuits = CircuitBreakerRegistry.ofDefaults();
  private final Channels channels = new Channels(counters);
  private final List<FeedLoop> feeds = new ArrayList<>();
  private final List<Topology> topologies;
  private final Lanes publishing;
  private final Lanes reading;
  private final Publisher publisher;
  private final TopicReader reader;
  private final Subscriptions subscriptions;
  private final String node = RandomText.of(NODE_LENGTH);
  private final AtomicLong checks = new AtomicLong();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("redis-timer").factory());
  private volatile Revocations revocations;
  private volatile boolean started;
  private volatile boolean closed;

  /**
   * Prepares to connect; {@link #start} does.
   *
   * @param retention how much of a topic's history to keep; asked at each publish and each read,
   *     must not block
   */
  public RedisBackplane(RedisConfig config, Function<Topic, Retention> retention) {
    this.config = config;
    this.keys = new Keys(config.prefix(), config.partitions());
    long timeout = config.timeout().toNanos();
    RedisUri uri = RedisUri.of(config.publish());
    RedisContext context = RedisContext.of(uri, config, keys, counters);
    boolean fixed = uri.kind() == RedisUri.Kind.SERVER;
    this.publishing = new Lanes("publish", context, circuits, fixed);
    this.reading = new Lanes("read", context, circuits, fixed);
    this.publisher = new Publisher(context, publishing, retention);
    this.reader = new TopicReader(keys, reading, timeout, retention);
    if (config.subscribe().equals(config.publish())) {
      this.subscriptions = new Subscriptions(context, channels, feeds);
      this.topologies = List.of(context.topology());
    } else {
      RedisContext replica =
          RedisContext.of(RedisUri.of(config.subscribe()), config, keys, counters);
      this.subscriptions = new Subscriptions(replica, channels, feeds);
      this.topologies = List.of(context.topology(), replica.topology());
    }
  }

  /**
   * The circuit breakers, {@code publish} and {@code read}, with the address of the master behind
   * where that is not fixed; for meters.
   */
  public CircuitBreakerRegistry circuits() {
    return circuits;
  }

  @Override
  public int partitions() {
    return keys.partitions();
  }

  @Override
  public void start(Listener listener) {
    if (started) {
      throw new IllegalStateException("started already");
    }
    long bound = Math.max(LEAST_FEED_BYTES, config.queueBytes() / keys.partitions());
    for (int partition = 0; partition < keys.partitions(); partition++) {
      FeedLoop feed = new FeedLoop(partition, listener, this::request, counters, bound);
      feeds.add(feed);
      channels.node(keys.nodeChannel(partition, node), feed);
      subscriptions.subscribe(partition, keys.nodeChannel(partition, node), 0);
    }
    revocations =
        new Revocations(
            keys, publishing, reading, config.timeout().toNanos(), listener::onRevocation);
    channels.watch(revocations.channel(), revocations);
    subscriptions.subscribe(Keys.SIDE, revocations.channel(), 0);
    started = true;
    feeds.forEach(FeedLoop::start);
    boolean together = topologies.size() == 1;
    topologies.getFirst().start(new Settling(true, together));
    if (!together) {
      topologies.getLast().start(new Settling(false, true));
    }
    timer.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
  }

  /** Takes up where partitions live: for commands, for what is received, or both. */
  private final class Settling implements Topology.Listener {
    private final boolean commands;
    private final boolean receiving;

    Settling(boolean commands, boolean receiving) {
      this.commands = commands;
      this.receiving = receiving;
    }

    @Override
    public void homes(Topology.Homes homes) {
      if (commands) {
        publishing.homes(homes);
        reading.homes(homes);
      }
      if (receiving) {
        subscriptions.homes(homes);
      }
    }

    @Override
    public void unknown(Throwable why) {
      if (commands) {
        publishing.unknown(why);
        reading.unknown(why);
      }
    }
  }

  private void tick() {
    long now = System.nanoTime();
    publisher.tick(now);
    publishing.tick(now);
    reading.tick(now);
    feeds.forEach(feed -> feed.tick(now));
    revocations.tick();
  }

  /** Does what a feed asks for, without waiting. */
  private void request(FeedLoop feed, FeedRequest request) {
    switch (request) {
      case FeedRequest.Subscribe(Topic topic, long ticket) -> {
        String channel = keys.channel(feed.partition(), topic);
        channels.topic(channel, feed, topic);
        subscriptions.subscribe(feed.partition(), channel, ticket);
      }
      case FeedRequest.Unsubscribe(Topic topic) -> {
        String channel = keys.channel(feed.partition(), topic);
        channels.remove(channel);
        subscriptions.unsubscribe(feed.partition(), channel);
      }
      case FeedRequest.Mark mark ->
          reader
              .mark(feed.partition(), keys.nodeChannel(feed.partition(), node), mark)
              .whenComplete(
                  (_, failure) ->
                      feed.control(
                          new FeedInput.MarkAnswered(
                              mark, Optional.ofNullable(failure).map(Faults::of))));
      case FeedRequest.Read read ->
          reader
              .behind(read.topic(), read.after(), read.limit(), read.bytes())
              .whenComplete((page, failure) -> feed.control(answer(read, page, failure)));
    }
  }

  private static FeedInput answer(
      FeedRequest.Read read, TopicReader.Entries page, Throwable failure) {
    return failure == null
        ? new FeedInput.Page(read, page.upTo(), page.events(), page.more())
        : new FeedInput.ReadFailed(read, Faults.of(failure));
  }

  @Override
  public List<CompletionStage<Published>> publish(List<Publication> publications) {
    requireStarted();
    return List.copyOf(publisher.publish(publications));
  }

  @Override
  public CompletionStage<Attached> attach(Topic topic) {
    requireStarted();
    CompletableFuture<Attached> answer = new CompletableFuture<>();
    if (closed) {
      answer.completeExceptionally(Faults.closed());
    } else {
      long deadline = System.nanoTime() + 2 * config.timeout().toNanos();
      feed(topic).control(new FeedInput.Attach(topic, answer, deadline));
    }
    return answer;
  }

  @Override
  public void detach(Topic topic) {
    requireStarted();
    if (!closed) {
      feed(topic).control(new FeedInput.Detach(topic));
    }
  }

  private FeedLoop feed(Topic topic) {
    return feeds.get(keys.partition(topic));
  }

  @Override
  public CompletionStage<Replay> replay(Topic topic, Position after, int limit) {
    requireStarted();
    requirePositive(limit);
    return plain(reader.replay(topic, after, limit));
  }

  @Override
  public CompletionStage<Replay> latest(Topic topic, int limit) {
    requireStarted();
    requirePositive(limit);
    return plain(reader.latest(topic, limit));
  }

  @Override
  public CompletionStage<TopicState> state(Topic topic) {
    requireStarted();
    return plain(reader.state(topic, false));
  }

  @Override
  public CompletionStage<TopicState> purge(Topic topic) {
    requireStarted();
    return plain(reader.state(topic, true));
  }

  /** Completes when all revocations that are in force were told for the first time. */
  public CompletionStage<Void> revocationsKnown() {
    return revocations.known().copy();
  }

  @Override
  public CompletionStage<Void> revoke(Revocation revocation) {
    requireStarted();
    return plain(revocations.add(revocation));
  }

  /**
   * {@inheritDoc}
   *
   * <p>It goes to this node's own channel in each partition, and has to arrive: a node that could
   * publish but not receive does not pass.
   */
  @Override
  public CompletionStage<Void> check() {
    requireStarted();
    List<CompletableFuture<?>> stages = new ArrayList<>();
    for (int partition = 0; partition < keys.partitions(); partition++) {
      String body = node + "-" + checks.incrementAndGet();
      CompletableFuture<Void> came = channels.check(body);
      CompletableFuture<Object> sent =
          publisher.check(partition, keys.nodeChannel(partition, node), body);
      sent.whenComplete(
          (_, failure) -> {
            if (failure != null) {
              came.completeExceptionally(Faults.of(failure));
            }
          });
      stages.add(came.orTimeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS));
    }
    return plain(CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new)));
  }

  /**
   * Takes so many of a rate that all nodes share. The stage fails like that of a publish.
   *
   * @param who whose rate; the name of a key
   */
  public CompletionStage<Taken> take(String who, int perSecond, int permits) {
    requireStarted();
    List<byte[]> parameters =
        List.of(
            keys.rate(who),
            Keys.bytes(Integer.toString(perSecond)),
            Keys.bytes(Integer.toString(permits)));
    long deadline = System.nanoTime() + config.timeout().toNanos();
    return plain(
        publishing
            .send(keys.ratePartition(who), Command.call(Script.RATE, 1, parameters, deadline))
            .thenApply(reply -> Taken.of((byte[]) reply)));
  }

  /**
   * What came of it.
   *
   * @param remaining how many are left
   * @param waitMs 0, or when to try again: none were taken
   */
  public record Taken(long remaining, long waitMs) {
    private static Taken of(byte[] reply) {
      String[] words = new String(reply, java.nio.charset.StandardCharsets.US_ASCII).split(" ");
      return new Taken(Long.parseLong(words[0]), Long.parseLong(words[1]));
    }
  }

  /** What happened so far, and what is under way. */
  public RedisStatistics statistics() {
    return new RedisStatistics(
        counters.commands.sum(),
        counters.resent.sum(),
        counters.timeouts.sum(),
        counters.overloads.sum(),
        counters.connects.sum(),
        counters.losses.sum(),
        counters.received.sum(),
        counters.dropped.sum(),
        counters.duplicates.sum(),
        counters.catchUps.sum(),
        counters.gaps.sum(),
        counters.renewals.sum(),
        counters.switches.sum(),
        counters.epochs.sum(),
        publishing.connections(),
        reading.connections(),
        subscriptions.connections(),
        publisher.bytes() + reading.bytes(),
        feeds.stream().mapToLong(FeedLoop::bytes).sum(),
        feeds.stream().mapToLong(FeedLoop::attached).sum());
  }

  /** The same stage; what it fails with is not wrapped. */
  private static <T> CompletionStage<T> plain(CompletableFuture<T> stage) {
    CompletableFuture<T> plain = new CompletableFuture<>();
    stage.whenComplete(
        (value, failure) -> {
          if (failure == null) {
            plain.complete(value);
          } else {
            plain.completeExceptionally(Faults.of(failure));
          }
        });
    return plain;
  }

  private void requireStarted() {
    if (!started) {
      throw new IllegalStateException("not started");
    }
  }

  private static void requirePositive(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit < 1");
    }
  }

  @Override
  public void close() {
    closed = true;
    timer.shutdownNow();
    topologies.forEach(Topology::close);
    subscriptions.close();
    feeds.forEach(FeedLoop::close);
    publishing.close();
    reading.close();
  }
}
