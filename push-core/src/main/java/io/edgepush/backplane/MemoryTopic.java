package io.edgepush.backplane;

import io.edgepush.model.Event;
import io.edgepush.model.Position;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.util.ArrayList;
import java.util.List;

/** What a {@link MemoryPartition} knows of one topic; guarded by the partition's lock. */
final class MemoryTopic {
  private static final int CLOSED_UP_FROM = 32;

  private final Topic name;

  /**
   * The retained events in order, behind {@link #dropped} free places that are closed up now and
   * then. A tree of positions would be less code, but costs several times as much a publish.
   */
  private final ArrayList<Event> log = new ArrayList<>();

  private int dropped;
  private Retention retention = Retention.DEFAULT;
  private Position last;
  private long bytes;

  /** A topic without events whose last one lies at or before {@code last}. */
  MemoryTopic(Topic name, Position last) {
    this.name = name;
    this.last = last;
  }

  Topic name() {
    return name;
  }

  /** The position of the last event, or an upper bound of it. */
  Position last() {
    return last;
  }

  int retained() {
    return log.size() - dropped;
  }

  void append(Event event, Retention kept, long nowMs) {
    retention = kept;
    last = event.position();
    log.add(event);
    bytes += event.content().data().length;
    trim(nowMs);
  }

  void trim(long nowMs) {
    while (retained() > 0 && exceeded(nowMs)) {
      bytes -= log.set(dropped++, null).content().data().length;
    }
    if (retained() == 0) {
      clear();
    } else if (dropped >= CLOSED_UP_FROM && dropped >= retained()) {
      log.subList(0, dropped).clear();
      dropped = 0;
    }
  }

  private boolean exceeded(long nowMs) {
    return retained() > retention.events()
        || bytes > retention.bytes()
        || nowMs - log.get(dropped).position().ms() >= retention.age().toMillis();
  }

  void clear() {
    log.clear();
    log.trimToSize();
    dropped = 0;
    bytes = 0;
  }

  /** The oldest events behind a position of this epoch. */
  List<Event> after(Position position, int limit) {
    int from = firstAfter(position);
    return List.copyOf(log.subList(from, from + Math.min(limit, log.size() - from)));
  }

  boolean hasAfter(Position position) {
    return retained() > 0 && log.getLast().position().isAfter(position);
  }

  private int firstAfter(Position position) {
    int low = dropped;
    int high = log.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (log.get(middle).position().isAfter(position)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The newest events, oldest first. */
  List<Event> newest(int limit) {
    return List.copyOf(log.subList(Math.max(dropped, log.size() - limit), log.size()));
  }
}
