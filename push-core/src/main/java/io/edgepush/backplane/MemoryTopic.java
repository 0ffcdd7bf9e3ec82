package io.edgepush.backplane;

import io.edgepush.model.Event;
import io.edgepush.model.Position;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** What a {@link MemoryPartition} knows of one topic; guarded by the partition's lock. */
final class MemoryTopic {
  private static final Comparator<Position> ORDER =
      Comparator.comparingLong(Position::ms).thenComparingLong(Position::seq);

  private final Topic name;
  private final TreeMap<Position, Event> log = new TreeMap<>(ORDER);
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
    return log.size();
  }

  void append(Event event, Retention kept, long nowMs) {
    retention = kept;
    last = event.position();
    log.put(last, event);
    bytes += event.content().data().length;
    trim(nowMs);
  }

  void trim(long nowMs) {
    while (!log.isEmpty() && exceeded(nowMs)) {
      bytes -= log.pollFirstEntry().getValue().content().data().length;
    }
  }

  private boolean exceeded(long nowMs) {
    return log.size() > retention.events()
        || bytes > retention.bytes()
        || nowMs - log.firstKey().ms() >= retention.age().toMillis();
  }

  void clear() {
    log.clear();
    bytes = 0;
  }

  /** The oldest events behind a position of this epoch. */
  List<Event> after(Position position, int limit) {
    return log.tailMap(position, false).values().stream().limit(limit).toList();
  }

  boolean hasAfter(Position position) {
    return log.higherKey(position) != null;
  }

  /** The newest events, oldest first. */
  List<Event> newest(int limit) {
    return log.descendingMap().values().stream().limit(limit).toList().reversed();
  }
}
