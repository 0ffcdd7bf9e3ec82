package io.edgepush.model;

import java.time.Duration;

/**
 * How much of a topic's history is kept for replay: whichever bound is reached first.
 *
 * @param age how long an event is kept
 * @param events how many events are kept; 0 keeps none
 * @param bytes how many bytes of data are kept
 */
public record Retention(Duration age, int events, long bytes) {
  /** 2 minutes, 1,000 events and 1 MiB. */
  public static final Retention DEFAULT = new Retention(Duration.ofMinutes(2), 1_000, 1L << 20);

  /** Rejects bounds below zero. */
  public Retention {
    if (age.isNegative() || events < 0 || bytes < 0) {
      throw new IllegalArgumentException("retention bounds must not be negative");
    }
  }
}
