package io.edgepush.hub;

import io.edgepush.backplane.Backplane;
import io.edgepush.model.Event;
import io.edgepush.model.Position;
import io.edgepush.wire.EventFrames;
import io.edgepush.wire.Start;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One subscribe's topics of one partition on their way to being live. At {@link #register} the
 * partition's head becomes the horizon: what lies behind it comes live and is held; what lies
 * before it is read from the backplane and delivered in the order of positions across topics, so
 * that no event's position passes one that is still to come. Then what was held is released, and
 * the topics are live. For the thread of one subscribe.
 */
final class PartitionReplay implements CursorSource {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Session session;
  private final PartitionState partition;
  private final List<TopicFeed> feeds;
  private final Start start;
  private final Held held;
  private final List<Subscription> added = new ArrayList<>();
  private final List<TopicReplay> replays = new ArrayList<>();
  private Position horizon;
  private volatile Position position;

  PartitionReplay(
      Session session,
      PartitionState partition,
      List<TopicFeed> feeds,
      Start start,
      long maxHeldBytes) {
    this.session = session;
    this.partition = partition;
    this.feeds = feeds;
    this.start = start;
    this.held = new Held(maxHeldBytes);
  }

  @Override
  public int partition() {
    return partition.number;
  }

  @Override
  public Position position() {
    return position;
  }

  /** The reservations that became no subscription because the session had ended. */
  List<TopicFeed> unused() {
    return feeds.subList(added.size(), feeds.size());
  }

  /** Whether something has to be read from the backplane; known after {@link #register}. */
  boolean reads() {
    return !replays.isEmpty();
  }

  /** Adds the subscriptions, held; stops at once when the session has ended. */
  void register(Backplane backplane) {
    partition.lock.lock();
    try {
      horizon = partition.position();
      position = startPosition().orElse(horizon);
      if (!session.uses(partition.number)) {
        session.source(this);
      }
      for (TopicFeed feed : feeds) {
        Subscription subscription = new Subscription(session, feed, held);
        if (!session.add(subscription)) {
          return;
        }
        feed.add(subscription);
        added.add(subscription);
        if (needsReplay(feed)) {
          replays.add(new TopicReplay(backplane, feed, horizon));
        }
      }
    } finally {
      partition.lock.unlock();
    }
  }

  private Optional<Position> startPosition() {
    return start instanceof Start.Behind(var cursor)
        ? cursor.position(partition.number)
        : Optional.empty();
  }

  private boolean needsReplay(TopicFeed feed) {
    return switch (start) {
      case Start.Latest(int count) -> count > 0;
      case Start.Behind _ ->
          startPosition().map(p -> !p.sameEpoch(feed.last) || feed.last.isAfter(p)).orElse(false);
    };
  }

  /** Asks the backplane for the first page of each topic. */
  CompletionStage<Void> load() {
    List<CompletableFuture<Void>> pages = new ArrayList<>();
    for (TopicReplay replay : replays) {
      CompletionStage<Void> page =
          switch (start) {
            case Start.Latest(int count) -> replay.latest(count);
            case Start.Behind _ -> replay.behind(position);
          };
      pages.add(page.toCompletableFuture());
    }
    return CompletableFuture.allOf(pages.toArray(CompletableFuture[]::new))
        .thenRun(this::settleStart);
  }

  /** A replay of the newest events begins just before the first of them. */
  private void settleStart() {
    if (start instanceof Start.Latest) {
      for (TopicReplay replay : replays) {
        replay
            .peek()
            .map(e -> e.position().before())
            .filter(position::isAfter)
            .ifPresent(p -> position = p);
      }
    }
  }

  /**
   * Delivers what was read, page by page; waits while the outbox is full.
   *
   * @return how many events it delivered; a negative number when it had to stop before the end
   */
  long deliver() {
    Queue<TopicReplay> queue =
        new PriorityQueue<>(
            Comparator.comparing(r -> r.peek().orElseThrow().position(), this::compare));
    for (TopicReplay replay : replays) {
      enqueue(queue, replay);
    }
    long delivered = 0;
    for (TopicReplay replay = queue.poll(); replay != null; replay = queue.poll()) {
      if (!session.outbox().hasRoom() && !waitForRoom()) {
        return -1;
      }
      Event event = replay.peek().orElseThrow();
      if (session.isReachedBy(event)) {
        session.replay(new EventFrames(event));
        delivered++;
      }
      position = event.position();
      replay.advance();
      enqueue(queue, replay);
    }
    return delivered;
  }

  /** What survived of an earlier epoch comes before everything of the horizon's. */
  private int compare(Position a, Position b) {
    boolean later = a.sameEpoch(b) ? a.isAfter(b) : a.sameEpoch(horizon);
    return later ? 1 : -1;
  }

  private boolean waitForRoom() {
    return !session.outbox().transport().singleBatch() && session.outbox().awaitRoom(PATIENCE);
  }

  private void enqueue(Queue<TopicReplay> queue, TopicReplay replay) {
    replay.gap().ifPresent(session::announce);
    while (replay.peek().isEmpty() && replay.needsPage()) {
      SubscribeCall.await(replay.nextPage());
      replay.gap().ifPresent(session::announce);
    }
    if (replay.peek().isPresent()) {
      queue.add(replay);
    } else {
      replay.lack().ifPresent(session::announce);
    }
  }

  /** Releases what was held; from now on the topics are live. */
  void goLive() {
    partition.lock.lock();
    try {
      held.release();
      for (Subscription subscription : added) {
        subscription.held = null;
      }
      session.source(partition);
    } finally {
      partition.lock.unlock();
    }
  }
}
