package io.edgepush.hub;

import io.edgepush.access.Principal;
import io.edgepush.backplane.Backplane;
import io.edgepush.model.Problem;
import io.edgepush.model.Quota;
import io.edgepush.model.Revocation;
import io.edgepush.model.Topic;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.ServerMessage;
import io.edgepush.wire.Start;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Takes events from the backplane to the sessions of this node. Safe for any thread. Lock order: a
 * partition's lock (of several, in ascending order), then a session's monitor; under them frames
 * are appended and nothing waits.
 */
public final class Hub implements AutoCloseable {
  private static final long TOPICS_RETRY_MS = 1_000;

  private final Backplane backplane;
  private final HubConfig config;
  private final PartitionState[] partitions;
  private final FanOut fanOut;
  private final Attachments attachments;
  private final HubStatistics statistics = new HubStatistics();
  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
  private final SessionIds ids = new SessionIds();
  private final AtomicInteger ending = new AtomicInteger();
  private final ScheduledExecutorService timer =
      new ScheduledThreadPoolExecutor(
          1,
          Thread.ofPlatform().daemon().name("hub-timer").factory(),
          new ThreadPoolExecutor.DiscardPolicy());
  private final Heartbeats heartbeats;
  private volatile Limits limits;

  /** A hub over a backplane that is not started yet. */
  public Hub(Backplane backplane, HubConfig config) {
    this.backplane = backplane;
    this.config = config;
    this.partitions =
        IntStream.range(0, backplane.partitions())
            .mapToObj(PartitionState::new)
            .toArray(PartitionState[]::new);
    this.fanOut = new FanOut(partitions, statistics);
    this.attachments =
        new Attachments(backplane, partitions, topic -> limits.overflow(topic), config, timer);
    this.heartbeats = new Heartbeats(this, config.heartbeat(), timer);
    this.limits = new Limits.TopicsOnly(config.topicsPerSession());
  }

  /**
   * Sets the limits, or takes note that they changed. They hold for what there is, too: the rates
   * of open sessions, the policies of attached topics.
   */
  public void limits(Limits changed) {
    limits = changed;
    overflowChanged();
    sessions.forEach(this::pace);
  }

  /** Takes note that the policies of topics changed. They hold for those that are attached, too. */
  public void overflowChanged() {
    for (PartitionState partition : partitions) {
      partition.lock.lock();
      try {
        partition.topics.values().forEach(f -> f.overflow = limits.overflow(f.topic));
      } finally {
        partition.lock.unlock();
      }
    }
  }

  /** Sets the rate of deliveries to a session by who it is now. */
  void pace(Session session) {
    if (!session.outbox().transport().singleBatch()) {
      session.rate(limits.deliveries(session.principal(), session.peer()));
    }
  }

  Backlog backlog(Session session) {
    return new Backlog(session, limits, statistics, timer, config.outboxBytes() / 2);
  }

  /** Starts the backplane and the heartbeats. */
  public void start() {
    backplane.start(fanOut);
    heartbeats.start();
  }

  /** What happened so far. */
  public HubStatistics statistics() {
    return statistics;
  }

  /** The bounds. */
  public HubConfig config() {
    return config;
  }

  /** An outbox with this hub's bound. See {@link Outbox#Outbox}. */
  public Outbox outbox(Transport transport, Consumer<Outbox> drainer) {
    return new Outbox(transport, config.outboxBytes(), drainer);
  }

  /** Opens a session for a connection; it has no topics and was told nothing yet. */
  public Session open(Principal principal, String peer, Outbox outbox) {
    Session session = new Session(ids.next(), principal, peer, outbox, this);
    sessions.add(session);
    pace(session);
    statistics.connections().get(session.format().transport()).increment();
    heartbeats.opened(session);
    return session;
  }

  /** Welcomes a session that begins without topics. */
  public void welcome(Session session) {
    session.welcome(config.heartbeat().toMillis());
  }

  /**
   * Subscribes topics: attaches them, replays, goes live, and tells the session {@code subscribed}.
   * Blocks until then, so call it on a virtual thread; for one session, one call at a time.
   *
   * @param topics not empty, permitted
   * @param ref the request's, or {@link ServerMessage#NO_REF}
   * @param welcome whether to welcome the session with the cursor where it begins
   * @throws io.edgepush.model.ProblemException when the event store does not answer, or the session
   *     would have too many topics
   */
  public void subscribe(
      Session session, Collection<Topic> topics, Start start, long ref, boolean welcome) {
    List<Topic> fresh = SubscribeCall.fresh(session, topics);
    requireFewTopics(session, fresh.size());
    List<TopicFeed> feeds = attachments.reserve(fresh, session.outbox()::uncork);
    SubscribeCall call = new SubscribeCall(session, backplane, statistics);
    call.register(feeds, start, config.outboxBytes()).forEach(attachments::release);
    boolean complete;
    try {
      complete = replay(session, call, welcome);
    } catch (RuntimeException e) {
      fresh.forEach(topic -> session.remove(topic).ifPresent(this::remove));
      throw e;
    }
    if (complete) {
      inOrder(session, cursor -> new ServerMessage.Subscribed(ref, List.copyOf(topics), cursor));
    } else if (!session.outbox().transport().singleBatch()) {
      end(session, CloseReason.SLOW_CONSUMER);
    }
  }

  private void requireFewTopics(Session session, int more) {
    int most = limits.topics(session.principal(), session.peer());
    if (most > 0 && session.topicCount() + more > most) {
      throw Problem.limited(
              Problem.Code.TOO_MANY_REQUESTS,
              "a connection subscribes at most " + most + " topics: unsubscribe some first",
              TOPICS_RETRY_MS,
              Quota.NONE)
          .exception();
    }
  }

  private boolean replay(Session session, SubscribeCall call, boolean welcome) {
    call.load();
    if (welcome) {
      welcome(session);
    }
    return call.deliver();
  }

  /** Tells a session that the connection is alive, and up to where everything was appended. */
  public void heartbeat(Session session) {
    inOrder(session, ServerMessage.Heartbeat::new);
  }

  /**
   * Ends subscriptions and tells the session. Topics that are not subscribed are acknowledged all
   * the same.
   */
  public void unsubscribe(Session session, Collection<Topic> topics, long ref) {
    removeAll(session, topics);
    session.send(new ServerMessage.Unsubscribed(ref, List.copyOf(topics)));
  }

  /** Ends subscriptions that the session may not have any more, and tells it. */
  void withdraw(Session session, Collection<Topic> topics, Problem.Code reason) {
    removeAll(session, topics);
    session.send(
        new ServerMessage.Unsubscribed(ServerMessage.NO_REF, List.copyOf(topics), reason.slug()));
  }

  private void removeAll(Session session, Collection<Topic> topics) {
    for (Topic topic : topics) {
      session.remove(topic).ifPresent(this::remove);
    }
  }

  private void remove(Subscription subscription) {
    PartitionState partition = subscription.feed.partition;
    partition.lock.lock();
    try {
      subscription.feed.remove(subscription);
    } finally {
      partition.lock.unlock();
    }
    attachments.release(subscription.feed);
  }

  /**
   * Ends a session. Idempotent: the first reason counts. The subscriptions go on a thread of their
   * own.
   */
  void end(Session session, CloseReason reason) {
    // Who ends it first gives the reason, before the client can answer the close by its own.
    var ended = session.finish();
    session.outbox().close(reason);
    ended.ifPresent(
        subscriptions -> {
          sessions.remove(session);
          session.closeBacklog();
          statistics.connections().get(session.format().transport()).decrement();
          statistics.closes().get(reason).increment();
          ending.incrementAndGet();
          Thread.ofVirtual().name("end-", 0).start(() -> forget(session, reason, subscriptions));
        });
  }

  private void forget(Session session, CloseReason reason, List<Subscription> subscriptions) {
    try {
      heartbeats.ending(session, reason);
      subscriptions.forEach(this::remove);
    } finally {
      ending.decrementAndGet();
    }
  }

  /** How many sessions have ended but are not logged and forgotten yet. */
  public int ending() {
    return ending.get();
  }

  /** How many sessions of this node subscribe the topic. */
  public int subscribers(Topic topic) {
    PartitionState partition = partitions[topic.partition(partitions.length)];
    partition.lock.lock();
    try {
      TopicFeed feed = partition.topics.get(topic);
      return feed == null ? 0 : feed.count();
    } finally {
      partition.lock.unlock();
    }
  }

  /** The open sessions; a live view. */
  public Set<Session> sessions() {
    return java.util.Collections.unmodifiableSet(sessions);
  }

  /** About how many bytes wait for all connections; looks at each. */
  public long pendingBytes() {
    long bytes = 0;
    for (Session session : sessions) {
      bytes += session.pendingBytes();
    }
    return bytes;
  }

  /** The open session of this id; looks at all of them. */
  public Optional<Session> session(String id) {
    for (Session session : sessions) {
      if (session.id().equals(id)) {
        return Optional.of(session);
      }
    }
    return Optional.empty();
  }

  /** Sets who takes revocations; before {@link #start}. */
  public void revocations(Consumer<Revocation> taker) {
    fanOut.revocations(taker);
  }

  /**
   * Sends a message with the session's cursor at a place where no event can slip between the two.
   */
  private void inOrder(
      Session session,
      java.util.function.Function<io.edgepush.model.Cursor, ServerMessage> message) {
    CursorSource[] sources = session.sources();
    for (CursorSource source : sources) {
      partitions[source.partition()].lock.lock();
    }
    try {
      session.send(message.apply(session.cursor()));
    } finally {
      for (CursorSource source : sources) {
        partitions[source.partition()].lock.unlock();
      }
    }
  }

  /**
   * Asks every client to go elsewhere, each after a delay of its own within the window, and ends
   * the sessions; from now on those that are opened, too.
   */
  public void drain(Duration window) {
    heartbeats.drain(window);
  }

  /**
   * When one more client of a hub that drains is to come back elsewhere: some time of the window.
   */
  public Duration returnDelay() {
    return heartbeats.returnDelay();
  }

  /** Ends the backplane and the timers. Sessions that are still open are forgotten. */
  @Override
  public void close() {
    timer.shutdownNow();
    attachments.close();
    backplane.close();
  }
}
