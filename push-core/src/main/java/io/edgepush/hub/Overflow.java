package io.edgepush.hub;

import java.util.Objects;

/**
 * What becomes of the events of some topics that a connection can not take in time, because its
 * outbox is full or it is over its rate.
 *
 * @param policy what
 * @param samplesPerSecond how many events a second of one conflation key a connection gets; for
 *     {@link Policy#SAMPLE}
 */
public record Overflow(Policy policy, int samplesPerSecond) {
  /** The connection is ended and resumes by cursor. */
  public static final Overflow DISCONNECT = new Overflow(Policy.DISCONNECT, 1);

  /** The policies. */
  public enum Policy {
    /** The connection is ended: it resumes by cursor, and loses nothing that is retained. */
    DISCONNECT,
    /** Only the newest event of each conflation key (of each topic where none was given) waits. */
    LATEST,
    /** The oldest events that wait are skipped. */
    DROP_OLDEST,
    /** At most so many events a second of a conflation key, the newest ones. */
    SAMPLE
  }

  /** Checks the number. */
  public Overflow {
    Objects.requireNonNull(policy);
    if (samplesPerSecond < 1) {
      throw new IllegalArgumentException("samplesPerSecond < 1");
    }
  }

  boolean disconnects() {
    return policy == Policy.DISCONNECT;
  }

  boolean samples() {
    return policy == Policy.SAMPLE;
  }

  /** Whether a newer event takes the place of one with the same key. */
  boolean conflates() {
    return policy == Policy.LATEST || policy == Policy.SAMPLE;
  }

  long samplePeriodNanos() {
    return 1_000_000_000L / samplesPerSecond;
  }
}
