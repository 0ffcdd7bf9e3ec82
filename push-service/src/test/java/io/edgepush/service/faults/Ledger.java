package io.edgepush.service.faults;

import io.edgepush.hub.client.Message;
import io.edgepush.model.EventId;
import io.edgepush.model.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was published. Each topic's events are numbered from 0 in the order in which they are
 * stored: an event is published when the one before it is answered for. Safe for any thread.
 */
final class Ledger {
  private static final int FIRST_CAPACITY = 1_024;

  private final Map<Topic, Stored> topics = new HashMap<>();
  private final List<String> epochs = new ArrayList<>();
  private long refused;
  private long unknown;
  private long duplicates;

  /** The ids of a topic's events by their numbers, packed: it may be millions. */
  private static final class Stored {
    private int[] epoch = new int[FIRST_CAPACITY];
    private long[] ms = new long[FIRST_CAPACITY];
    private int[] seq = new int[FIRST_CAPACITY];
    private int count;
  }

  /** The next event of a topic is stored. */
  synchronized void stored(Topic topic, long number, EventId id, boolean duplicate) {
    Stored events = topics.computeIfAbsent(topic, _ -> new Stored());
    if (number != events.count) {
      throw new AssertionError(topic + ": " + number + " stored after " + events.count);
    }
    if (events.count == events.ms.length) {
      events.epoch = java.util.Arrays.copyOf(events.epoch, 2 * events.count);
      events.ms = java.util.Arrays.copyOf(events.ms, 2 * events.count);
      events.seq = java.util.Arrays.copyOf(events.seq, 2 * events.count);
    }
    events.epoch[events.count] = epoch(id);
    events.ms[events.count] = id.position().ms();
    events.seq[events.count] = Math.toIntExact(id.position().seq());
    events.count++;
    duplicates += duplicate ? 1 : 0;
  }

  private int epoch(EventId id) {
    int known = epochs.indexOf(id.position().epoch());
    if (known >= 0) {
      return known;
    }
    epochs.add(id.position().epoch());
    return epochs.size() - 1;
  }

  /** Events were refused, and certainly not stored. */
  synchronized void refused(int events) {
    refused += events;
  }

  /** Nobody knows whether events were stored. */
  synchronized void unknown(int events) {
    unknown += events;
  }

  /** How many events of a topic are stored. */
  synchronized int count(Topic topic) {
    Stored events = topics.get(topic);
    return events == null ? 0 : events.count;
  }

  /** How many events of each topic are stored. */
  synchronized Map<Topic, Integer> counts() {
    Map<Topic, Integer> counts = new HashMap<>();
    topics.forEach((topic, events) -> counts.put(topic, events.count));
    return counts;
  }

  /** How many events are stored. */
  synchronized int count() {
    return topics.values().stream().mapToInt(t -> t.count).sum();
  }

  /** How often an event was refused and published again. */
  synchronized long refused() {
    return refused;
  }

  /** How often the outcome of an event was not known, and it was published again. */
  synchronized long unknown() {
    return unknown;
  }

  /** How many of them had been stored. */
  synchronized long duplicates() {
    return duplicates;
  }

  /** How many times the store began anew, as far as publishers noticed. */
  synchronized int epochs() {
    return epochs.size();
  }

  /** Whether a gap that was announced covers an event. */
  synchronized boolean covers(Message.Gap gap, long number) {
    Stored events = topics.get(gap.topic());
    if (events == null || number >= events.count) {
      return false;
    }
    int i = (int) number;
    return compare(gap.from(), events, i) < 0 && compare(gap.to(), events, i) >= 0;
  }

  /** An epoch in which nothing was published lies behind all others. */
  private int compare(EventId id, Stored events, int i) {
    int known = epochs.indexOf(id.position().epoch());
    int epoch = known < 0 ? epochs.size() : known;
    if (epoch != events.epoch[i]) {
      return Integer.compare(epoch, events.epoch[i]);
    }
    int ms = Long.compare(id.position().ms(), events.ms[i]);
    return ms != 0 ? ms : Long.compare(id.position().seq(), events.seq[i]);
  }
}
