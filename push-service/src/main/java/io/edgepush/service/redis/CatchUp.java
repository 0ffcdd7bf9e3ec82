package io.edgepush.service.redis;

import io.edgepush.model.Event;
import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Brings what topics of a partition missed up to a horizon, page by page, merged in the order of
 * positions across topics: nothing is delivered while an earlier event may still come. What is no
 * longer retained is announced as a gap before anything behind its beginning. An epoch that ended
 * is caught up like that to where it survived, but for the gap at its end, which the epoch behind
 * it brings. For the thread of a {@link PartitionFeed}.
 */
final class CatchUp {
  private static final int MOST_READS = 32;
  private static final int MOST_EVENTS = 10_000;
  private static final int MOST_BYTES = 32 << 20;
  private static final Comparator<Position> ORDER =
      Comparator.comparingLong(Position::ms).thenComparingLong(Position::seq);

  private final int round;
  private final Position horizon;
  private final boolean past;
  private final Early early;
  private final Delivery delivery;
  private final Consumer<FeedRequest> requests;
  private final int limit;
  private final int bytes;
  private final Map<Topic, Source> sources = new HashMap<>();
  private final Deque<Source> toRead = new ArrayDeque<>();
  private final PriorityQueue<Source> heads =
      new PriorityQueue<>(Comparator.comparing(s -> s.events.getFirst().position(), ORDER));
  private int reading;

  private static final class Source {
    private final Attachment topic;
    private final Deque<Event> events = new ArrayDeque<>();
    private Position read;
    private boolean more = true;

    Source(Attachment topic) {
      this.topic = topic;
      this.read = topic.verified().orElseThrow();
    }
  }

  /**
   * Prepares to catch up.
   *
   * @param horizon what lies behind it comes live, or in the next epoch
   * @param past whether the horizon is the end of an epoch
   * @param behind topics whose last position lies behind what was verified, all in the horizon's
   *     epoch
   */
  CatchUp(
      int round,
      Position horizon,
      boolean past,
      Collection<Attachment> behind,
      Early early,
      Delivery delivery,
      Consumer<FeedRequest> requests) {
    this.round = round;
    this.horizon = horizon;
    this.past = past;
    this.early = early;
    this.delivery = delivery;
    this.requests = requests;
    int topics = Math.max(1, behind.size());
    this.limit = Math.clamp(MOST_EVENTS / topics, 10, 256);
    this.bytes = Math.min(MOST_BYTES / topics, 1 << 20);
    for (Attachment topic : behind) {
      Source source = new Source(topic);
      sources.put(topic.topic(), source);
      toRead.add(source);
    }
  }

  /** Begins to read. */
  void start() {
    read();
  }

  private void read() {
    while (reading < MOST_READS && !toRead.isEmpty()) {
      Source source = toRead.remove();
      reading++;
      requests.accept(new FeedRequest.Read(round, source.topic.topic(), source.read, limit, bytes));
    }
  }

  boolean done() {
    return reading == 0 && toRead.isEmpty() && heads.isEmpty();
  }

  /** A page came. False when it is of another epoch: all has to begin anew. */
  boolean page(FeedInput.Page page) {
    reading--;
    boolean behind = past && !page.upTo().sameEpoch(horizon);
    if (!behind && !page.upTo().sameEpoch(horizon)) {
      return false;
    }
    Source source = sources.get(page.request().topic());
    if (source != null) {
      fill(source, behind ? nothing(page.request(), source.read) : page);
      announceHole(source);
      if (!source.events.isEmpty()) {
        heads.add(source);
      } else if (source.more) {
        toRead.add(source);
      }
    }
    goOn();
    return true;
  }

  private static FeedInput.Page nothing(FeedRequest.Read request, Position upTo) {
    return new FeedInput.Page(request, upTo, List.of(), false);
  }

  private void fill(Source source, FeedInput.Page page) {
    source.more = page.more() && horizon.isAfter(page.upTo());
    Position end = source.more ? page.upTo() : horizon;
    Map<Position, Event> merged = new TreeMap<>(ORDER);
    List<Event> live = early.between(source.topic.topic(), source.read, end);
    live.forEach(e -> merged.put(e.position(), e));
    for (Event event : page.events()) {
      if (!event.position().isAfter(end)) {
        merged.put(event.position(), event);
      }
    }
    source.events.addAll(merged.values());
    source.read = end;
  }

  private void announceHole(Source source) {
    if (source.events.isEmpty() && (source.more || past)) {
      return;
    }
    Position reached =
        source.events.isEmpty() ? source.topic.last() : source.events.getFirst().prev();
    if (!source.topic.covers(reached)) {
      delivery.gap(source.topic, reached);
    }
  }

  private void goOn() {
    read();
    while (reading == 0 && !heads.isEmpty()) {
      Source source = heads.remove();
      delivery.event(source.topic, source.events.remove());
      announceHole(source);
      if (!source.events.isEmpty()) {
        heads.add(source);
      } else if (source.more) {
        toRead.add(source);
        read();
      }
    }
  }

  /** Nobody wants the topic any more. */
  void remove(Topic topic) {
    Source source = sources.remove(topic);
    if (source != null) {
      heads.remove(source);
      toRead.remove(source);
      goOn();
    }
  }
}
