package io.edgepush.bench.load;

import java.time.Duration;

/**
 * The events.
 *
 * @param rate how many a second; 0 for as many as the publishers get answered
 * @param size the bytes of an event's data
 * @param publishers publishing connections
 * @param batch events in a call
 * @param warmup load before anything is measured
 * @param duration how long is measured
 */
public record Traffic(
    double rate, int size, int publishers, int batch, Duration warmup, Duration duration) {
  private static final int MAX_BATCH = 1_000;
  private static final int MAX_SIZE = 64 * 1024;

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException names the option at fault
   */
  public Traffic {
    Plan.require(rate >= 0, "--rate: 0 or more");
    Plan.require(
        size >= Template.MIN_SIZE && size <= MAX_SIZE,
        "--size: " + Template.MIN_SIZE + " to " + MAX_SIZE + " bytes");
    Plan.require(
        publishers >= 1 && publishers < Mark.MAX_LANES,
        "--publishers: 1 to " + (Mark.MAX_LANES - 1));
    Plan.require(batch >= 1 && batch <= MAX_BATCH, "--batch: 1 to " + MAX_BATCH);
  }

  /** The same, at another rate. */
  public Traffic at(double newRate) {
    return new Traffic(newRate, size, publishers, batch, warmup, duration);
  }

  /** The same, with another warm-up. */
  public Traffic warmedFor(Duration newWarmup) {
    return new Traffic(rate, size, publishers, batch, newWarmup, duration);
  }
}
