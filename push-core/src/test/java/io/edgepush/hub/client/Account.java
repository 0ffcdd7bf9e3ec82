package io.edgepush.hub.client;

import io.edgepush.model.EventId;
import java.util.ArrayList;
import java.util.List;

/**
 * What one subscriber, or several, got of what they had to get.
 *
 * @param due published, of the subscribed topics, since they were
 * @param delivered accepted by the client
 * @param lost neither delivered nor within a gap that was announced
 * @param twice accepted more than once
 * @param misplaced came after a later one of the same topic
 * @param altered carry other data than was published, or were never published
 * @param inGaps not delivered, but announced
 * @param gaps announced
 * @param violations what the service did against the protocol
 */
public record Account(
    int due,
    int delivered,
    List<EventId> lost,
    int twice,
    List<EventId> misplaced,
    List<EventId> altered,
    int inGaps,
    int gaps,
    List<String> violations) {
  static final Account NONE =
      new Account(0, 0, List.of(), 0, List.of(), List.of(), 0, 0, List.of());

  /** Both together. */
  public Account plus(Account other) {
    return new Account(
        due + other.due,
        delivered + other.delivered,
        joined(lost, other.lost),
        twice + other.twice,
        joined(misplaced, other.misplaced),
        joined(altered, other.altered),
        inGaps + other.inGaps,
        gaps + other.gaps,
        joined(violations, other.violations).stream().distinct().toList());
  }

  private static <T> List<T> joined(List<T> one, List<T> other) {
    List<T> both = new ArrayList<>(one);
    both.addAll(other);
    return both;
  }

  /** Whether nothing is wrong; gaps are not. */
  public boolean clean() {
    return lost.isEmpty()
        && twice == 0
        && misplaced.isEmpty()
        && altered.isEmpty()
        && violations.isEmpty();
  }

  /** One line; what is wrong is listed behind it. */
  public String sentence() {
    String line =
        due
            + " published, "
            + delivered
            + " delivered, "
            + lost.size()
            + " lost, "
            + twice
            + " twice, "
            + misplaced.size()
            + " out of order, "
            + gaps
            + " gaps announced";
    return clean() && inGaps == 0 ? line : line + details();
  }

  private String details() {
    return " ("
        + inGaps
        + " events in gaps; lost "
        + lost
        + "; misplaced "
        + misplaced
        + "; altered "
        + altered
        + "; "
        + violations
        + ")";
  }
}
