package io.edgepush.hub;

import java.time.Duration;
import java.util.Objects;

/**
 * What becomes of the events of some topics that a connection can not take in time, because its
 * outbox is full or it is over its rate.
 *
 * @param policy what
 * @param samplePeriod the time from one event of a conflation key to the next that a connection
 *     gets; for {@link Policy#SAMPLE}
 */
public record Overflow(Policy policy, Duration samplePeriod) {
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

  /** Checks the time. */
  public Overflow {
    Objects.requireNonNull(policy);
    if (!samplePeriod.isPositive()) {
      throw new IllegalArgumentException("samplePeriod <= 0");
    }
  }

  /** So many events a second, at least 1, for {@link Policy#SAMPLE}. */
  public Overflow(Policy policy, int samplesPerSecond) {
    this(policy, Duration.ofSeconds(1).dividedBy(samplesPerSecond));
  }

  /** The same with so many times fewer samples, where it samples. */
  public Overflow sampledLess(int times) {
    return samples() ? new Overflow(policy, samplePeriod.multipliedBy(times)) : this;
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
    return samplePeriod.toNanos();
  }
}
