package io.edgepush.backplane;

import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One partition of a {@link MemoryBackplane}. Its lock guards all its fields and all {@link
 * MemoryTopic}s and {@link MemoryKeys} in them; it is held while the listener is called, so that
 * events come in the order of their positions. The listener only appends to queues: this is the one
 * callback under a lock.
 */
final class MemoryPartition {
  private static final long REMEMBERED_MS = Duration.ofHours(24).toMillis();
  private static final int SWEPT_PER_EVENT = 2;
  private static final String DIGITS =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private final int number;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Topic, MemoryTopic> topics = new HashMap<>();
  private final ArrayDeque<MemoryTopic> round = new ArrayDeque<>();
  private final Set<Topic> attached = new HashSet<>();
  private final MemoryKeys given;
  private final MemoryKeys made;
  private final long createdMs;
  private long nowMs;
  private Position head;
  private Backplane.Listener listener;
  private boolean closed;

  MemoryPartition(int number, int partitions, InstantSource clock) {
    this.number = number;
    this.clock = clock;
    this.given = new MemoryKeys(Duration.ofMinutes(5), (1 << 19) / partitions);
    this.made = new MemoryKeys(Duration.ofSeconds(30), (1 << 15) / partitions);
    this.createdMs = clock.millis();
    this.nowMs = createdMs;
    this.head = Position.start(newEpoch());
  }

  void start(Backplane.Listener to) {
    lock.lock();
    try {
      if (listener != null) {
        throw new IllegalStateException("started already");
      }
      listener = to;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stores and fans out, in the order of the list. {@code kept} goes with {@code publications},
   * place by place.
   */
  List<Published> publish(List<Publication> publications, List<Retention> kept) {
    return locked(
        () -> {
          List<Published> published = new ArrayList<>(publications.size());
          for (int i = 0; i < publications.size(); i++) {
            published.add(publish(publications.get(i), kept.get(i)));
          }
          return published;
        });
  }

  private Published publish(Publication publication, Retention kept) {
    MemoryKeys.Key key = new MemoryKeys.Key(publication.topic(), publication.idempotencyKey());
    Position first = given.find(key, nowMs).or(() -> made.find(key, nowMs)).orElse(null);
    if (first != null) {
      return new Published(new EventId(number, first), true);
    }
    MemoryTopic topic = topics.computeIfAbsent(publication.topic(), this::newTopic);
    head = head.next(nowMs);
    EventId id = new EventId(number, head);
    Event event = new Event(id, topic.last(), publication.topic(), publication.content());
    topic.append(event, kept, nowMs);
    (publication.keyGiven() ? given : made).add(key, head, nowMs);
    if (attached.contains(publication.topic())) {
      listener.onEvent(event);
    }
    sweep();
    return new Published(id, false);
  }

  private MemoryTopic newTopic(Topic name) {
    MemoryTopic topic = new MemoryTopic(name, forgotten());
    round.add(topic);
    return topic;
  }

  /**
   * Takes the topics in turn, so that each is trimmed and forgotten in time and no call does more
   * than a few of them.
   */
  private void sweep() {
    for (int i = 0; i < SWEPT_PER_EVENT; i++) {
      MemoryTopic topic = round.remove();
      topic.trim(nowMs);
      if (topic.retained() == 0 && topic.last().ms() < nowMs - REMEMBERED_MS) {
        topics.remove(topic.name());
      } else {
        round.add(topic);
      }
    }
  }

  /** Not before the last event of any topic that was forgotten; never goes back. */
  private Position forgotten() {
    long ms = nowMs - REMEMBERED_MS;
    if (ms <= createdMs) {
      return Position.start(head.epoch());
    }
    Position bound = new Position(head.epoch(), ms, 0);
    return bound.isAfter(head) ? head : bound;
  }

  private Position last(Topic name) {
    MemoryTopic topic = topics.get(name);
    return topic == null ? forgotten() : topic.last();
  }

  Attached attach(Topic name) {
    return locked(
        () -> {
          attached.add(name);
          return new Attached(name, head, last(name));
        });
  }

  void detach(Topic name) {
    lock.lock();
    try {
      attached.remove(name);
    } finally {
      lock.unlock();
    }
  }

  Replay replay(Topic name, Position after, int limit) {
    return locked(
        () -> {
          MemoryTopic topic = trimmed(name);
          Position from = after.sameEpoch(head) ? after : Position.start(head.epoch());
          List<Event> events = topic.after(from, limit);
          boolean more = !events.isEmpty() && topic.hasAfter(events.getLast().position());
          return Replay.judged(name, number, after, events, topic.last(), more);
        });
  }

  Replay latest(Topic name, int limit) {
    return locked(
        () -> {
          MemoryTopic topic = trimmed(name);
          List<Event> events = topic.newest(limit);
          Position after = events.isEmpty() ? head : events.getFirst().position().before();
          return Replay.judged(name, number, after, events, topic.last(), false);
        });
  }

  TopicState state(Topic name) {
    return locked(() -> state(trimmed(name)));
  }

  TopicState purge(Topic name) {
    return locked(
        () -> {
          MemoryTopic topic = trimmed(name);
          topic.clear();
          return state(topic);
        });
  }

  private TopicState state(MemoryTopic topic) {
    return new TopicState(topic.name(), new EventId(number, topic.last()), topic.retained());
  }

  /**
   * The topic as of now; for one that is not known a stand-in that is not kept, so that reading
   * takes no memory.
   */
  private MemoryTopic trimmed(Topic name) {
    MemoryTopic topic = topics.get(name);
    if (topic == null) {
      return new MemoryTopic(name, forgotten());
    }
    topic.trim(nowMs);
    return topic;
  }

  void check() {
    locked(() -> null);
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      topics.clear();
      round.clear();
      attached.clear();
      given.clear();
      made.clear();
    } finally {
      lock.unlock();
    }
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      if (closed) {
        throw new BackplaneException("the backplane is closed", null, false, 1_000);
      }
      if (listener == null) {
        throw new IllegalStateException("not started");
      }
      nowMs = Math.max(nowMs, clock.millis());
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  private static String newEpoch() {
    StringBuilder epoch = new StringBuilder();
    new SecureRandom().ints(6, 0, DIGITS.length()).forEach(i -> epoch.append(DIGITS.charAt(i)));
    return epoch.toString();
  }
}
