package io.edgepush.model;

import java.util.Locale;
import java.util.Objects;

/**
 * Says that events of a topic after {@code from}, up to and including {@code to}, could not be
 * delivered, in whole or in part.
 *
 * @param topic the topic concerned
 * @param from the last position known to be seen; may be of an earlier epoch
 * @param to deliveries go on after this position
 * @param reason why
 */
public record Gap(Topic topic, EventId from, EventId to, Reason reason) {
  /** Why events could not be delivered. */
  public enum Reason {
    /** They were no longer retained. */
    RETENTION,
    /** The store lost its memory, or another server took over that may lack its last events. */
    EPOCH,
    /** The connection could not take them in time, and its namespace keeps only the newest. */
    OVERFLOW;

    /** The reason on the wire. */
    public String slug() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Rejects nulls. */
  public Gap {
    Objects.requireNonNull(topic);
    Objects.requireNonNull(from);
    Objects.requireNonNull(to);
    Objects.requireNonNull(reason);
  }

  /** The gap between two positions of a partition; the reason follows from their epochs. */
  public static Gap between(Topic topic, int partition, Position from, Position to) {
    return new Gap(
        topic,
        new EventId(partition, from),
        new EventId(partition, to),
        from.sameEpoch(to) ? Reason.RETENTION : Reason.EPOCH);
  }
}
