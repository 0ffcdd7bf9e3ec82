package io.edgepush.backplane;

import io.edgepush.model.Event;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.util.List;
import java.util.Optional;

/**
 * Retained events of a topic behind a position.
 *
 * @param topic the topic
 * @param partition the topic's partition
 * @param after where the replay was asked to begin
 * @param from where it begins: equal to {@code after} when it is complete; otherwise events after
 *     {@code after}, up to and including {@code from}, are lost
 * @param events in the order of positions, all behind {@code from}; not modifiable
 * @param upTo what the replay speaks for: every retained event behind {@code from} up to here is in
 *     {@code events}
 * @param more whether there are more events behind {@code upTo} because the limit was reached
 */
public record Replay(
    Topic topic,
    int partition,
    Position after,
    Position from,
    List<Event> events,
    Position upTo,
    boolean more) {
  /** Copies the list. */
  public Replay {
    events = List.copyOf(events);
  }

  /** What could not be replayed; empty when the replay is complete. */
  public Optional<Gap> gap() {
    return from.equals(after)
        ? Optional.empty()
        : Optional.of(Gap.between(topic, partition, after, from));
  }

  /**
   * Applies the gap rule to what a store holds: a replay is complete if and only if the first
   * retained event behind the cursor has its predecessor at or before the cursor, or nothing was
   * published since.
   *
   * @param after the cursor; an unknown epoch is always a gap
   * @param events what is retained behind the cursor, or from the beginning when the cursor's epoch
   *     is unknown
   * @param last the topic's last position (or an upper bound of it), in the store's epoch
   * @param more whether the store holds more behind the last of {@code events}
   */
  public static Replay judged(
      Topic topic, int partition, Position after, List<Event> events, Position last, boolean more) {
    Position reached = events.isEmpty() ? last : events.getFirst().prev();
    boolean complete = after.sameEpoch(last) && !reached.isAfter(after);
    Position from = complete ? after : reached;
    Position upTo = events.isEmpty() ? from : events.getLast().position();
    return new Replay(topic, partition, after, from, events, upTo, more);
  }
}
