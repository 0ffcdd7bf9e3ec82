package io.edgepush.hub;

import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Gap;
import io.edgepush.model.Topic;
import io.edgepush.wire.Frame;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Frames in the order in which they will go out. An event may be skipped: a gap takes its place,
 * and gaps of one topic with none of its events between them become one. So whatever moves a cursor
 * past a skipped event comes behind the gap that tells of it. Not safe for threads.
 */
final class WaitingFrames {
  private static final int ENTRY = 192;
  private static final int GAP = 192;

  /** One frame, or a gap that is encoded when it goes out. */
  static final class Entry {
    private final Frame frame;
    private final Event event;
    private final Overflow overflow;
    private final boolean permitted;
    private Object slot;
    private EventId from;
    private EventId to;
    private Entry before;
    private Entry behind;
    private Entry beforeOfTopic;
    private Entry behindOfTopic;

    private Entry(Frame frame, Event event, Overflow overflow, boolean permitted) {
      this.frame = frame;
      this.event = event;
      this.overflow = overflow;
      this.permitted = permitted;
    }

    /** What goes out, unless it is a gap. */
    Frame frame() {
      return frame;
    }

    /** The gap in the place of what was skipped. */
    Optional<Gap> gap() {
      return from == null
          ? Optional.empty()
          : Optional.of(new Gap(event.topic(), from, to, Gap.Reason.OVERFLOW));
    }

    /** Whether it is an event that needs a permit of the connection's rate. */
    boolean needsPermit() {
      return event != null && from == null && !permitted;
    }

    Event event() {
      return event;
    }

    /** Whether it is an event of a topic that is sampled. */
    boolean sampled() {
      return event != null && from == null && overflow.samples();
    }

    Overflow overflow() {
      return overflow;
    }

    private long cost() {
      return from != null ? GAP : frame.size() + (long) ENTRY;
    }
  }

  private final Map<Topic, Entry> newestOfTopic = new HashMap<>();

  /** Events that may be skipped, oldest first. */
  private final Map<Object, Entry> droppable = new LinkedHashMap<>();

  private Entry first;
  private Entry last;
  private long bytes;

  /** The oldest; null when nothing waits. */
  Entry first() {
    return first;
  }

  /** The oldest that is no gap; null when there is none. */
  Entry firstToDeliver() {
    Entry entry = first;
    while (entry != null && entry.from != null) {
      entry = entry.behind;
    }
    return entry;
  }

  /** About how much memory it takes. */
  long bytes() {
    return bytes;
  }

  /** Adds a frame that is no event. */
  void add(Frame frame) {
    link(new Entry(frame, null, Overflow.DISCONNECT, true));
  }

  /**
   * Adds an event.
   *
   * @param permitted whether it has its permit already
   * @return how many others it made superfluous
   */
  int add(Frame frame, Event event, Overflow overflow, boolean permitted) {
    Entry entry = new Entry(frame, event.withoutData(), overflow, permitted);
    int skipped = 0;
    if (!overflow.disconnects()) {
      entry.slot = overflow.conflates() ? slot(event) : entry;
      Entry older = droppable.get(entry.slot);
      if (older != null) {
        skip(older);
        skipped = 1;
      }
      droppable.put(entry.slot, entry);
    }
    entry.beforeOfTopic = newestOfTopic.put(event.topic(), entry);
    if (entry.beforeOfTopic != null) {
      entry.beforeOfTopic.behindOfTopic = entry;
    }
    link(entry);
    return skipped;
  }

  /** What newer events take the place of: those with the same key, or without keys the topic's. */
  static Object slot(Event event) {
    return event.topic().name() + ' ' + event.content().key();
  }

  /** Skips the oldest event that may be skipped; false when there is none. */
  boolean skipOldest() {
    if (droppable.isEmpty()) {
      return false;
    }
    skip(droppable.values().iterator().next());
    return true;
  }

  private void skip(Entry entry) {
    droppable.remove(entry.slot);
    entry.slot = null;
    Entry gap = entry.beforeOfTopic;
    EventId to = entry.event.id();
    if (gap != null && gap.from != null) {
      gap.to = to;
      unlink(entry);
    } else {
      bytes -= entry.cost();
      entry.from = new EventId(to.partition(), entry.event.prev());
      entry.to = to;
      bytes += entry.cost();
      gap = entry;
    }
    Entry next = gap.behindOfTopic;
    if (next != null && next.from != null) {
      gap.to = next.to;
      unlink(next);
    }
  }

  /** Takes the oldest out. */
  void removeFirst() {
    remove(first);
  }

  /** Takes an entry out. */
  void remove(Entry entry) {
    if (entry.slot != null) {
      droppable.remove(entry.slot);
    }
    unlink(entry);
  }

  private void link(Entry entry) {
    entry.before = last;
    if (last == null) {
      first = entry;
    } else {
      last.behind = entry;
    }
    last = entry;
    bytes += entry.cost();
  }

  private void unlink(Entry entry) {
    bytes -= entry.cost();
    if (entry.before == null) {
      first = entry.behind;
    } else {
      entry.before.behind = entry.behind;
    }
    if (entry.behind == null) {
      last = entry.before;
    } else {
      entry.behind.before = entry.before;
    }
    if (entry.event != null) {
      unlinkOfTopic(entry);
    }
  }

  private void unlinkOfTopic(Entry entry) {
    if (entry.beforeOfTopic != null) {
      entry.beforeOfTopic.behindOfTopic = entry.behindOfTopic;
    }
    if (entry.behindOfTopic != null) {
      entry.behindOfTopic.beforeOfTopic = entry.beforeOfTopic;
    } else if (entry.beforeOfTopic == null) {
      newestOfTopic.remove(entry.event.topic());
    } else {
      newestOfTopic.put(entry.event.topic(), entry.beforeOfTopic);
    }
  }
}
