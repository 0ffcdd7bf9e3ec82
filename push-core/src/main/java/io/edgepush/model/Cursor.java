package io.edgepush.model;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far a subscriber has come: the last position it has seen in each partition in use. As text it
 * is the event ids, separated by commas and ordered by partition; the empty cursor is the empty
 * text.
 *
 * @param positions by partition; not modifiable
 */
public record Cursor(SortedMap<Integer, Position> positions) {
  /** Says nothing about any partition. */
  public static final Cursor EMPTY = new Cursor(Collections.emptySortedMap());

  private static final int MAX_LENGTH = 4096;

  /** Copies the map. */
  public Cursor {
    positions = Collections.unmodifiableSortedMap(new TreeMap<>(positions));
  }

  /** The cursor of one partition. */
  public static Cursor of(EventId id) {
    return new Cursor(new TreeMap<>(Map.of(id.partition(), id.position())));
  }

  /**
   * Reads a cursor.
   *
   * @throws ProblemException {@link Problem.Code#INVALID_CURSOR} when the text is not a cursor
   */
  public static Cursor parse(String text) {
    if (text.isEmpty()) {
      return EMPTY;
    }
    if (text.length() > MAX_LENGTH) {
      throw invalid("a cursor has at most " + MAX_LENGTH + " characters");
    }
    TreeMap<Integer, Position> positions = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      EventId id = parsePart(part);
      if (positions.put(id.partition(), id.position()) != null) {
        throw invalid("a cursor names each partition once");
      }
    }
    return new Cursor(positions);
  }

  private static EventId parsePart(String part) {
    try {
      return EventId.parse(part);
    } catch (IllegalArgumentException e) {
      throw invalid("a cursor is event ids (partition:epoch:ms-seq) separated by commas");
    }
  }

  /** The position in a partition, empty when the cursor says nothing about it. */
  public Optional<Position> position(int partition) {
    return Optional.ofNullable(positions.get(partition));
  }

  /**
   * This cursor, moved on to an event. It never goes back within an epoch; an event of another
   * epoch replaces the position, because only the newer store can have sent it.
   */
  public Cursor advancedTo(EventId id) {
    Position old = positions.get(id.partition());
    if (old != null && old.sameEpoch(id.position()) && !id.position().isAfter(old)) {
      return this;
    }
    TreeMap<Integer, Position> moved = new TreeMap<>(positions);
    moved.put(id.partition(), id.position());
    return new Cursor(moved);
  }

  /** Whether it says nothing. */
  public boolean isEmpty() {
    return positions.isEmpty();
  }

  private static ProblemException invalid(String detail) {
    return Problem.of(Problem.Code.INVALID_CURSOR, "cursor", detail).exception();
  }

  @Override
  public String toString() {
    return positions.entrySet().stream()
        .map(e -> e.getKey() + ":" + e.getValue())
        .collect(Collectors.joining(","));
  }
}
