package io.edgepush.service.limits;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Does something at a steady pace: 95 % of a limit, for a while that {@code -Dlong=true} makes 60
 * s.
 */
final class Steady {
  private static final Duration TIME = Duration.ofSeconds(Boolean.getBoolean("long") ? 60 : 2);
  private static final double SHARE = 0.95;

  private Steady() {}

  /** One of many. */
  @FunctionalInterface
  interface Step {
    /** Does it. */
    void run(int number) throws IOException;
  }

  /** Below the limit; how often it was done. */
  static int below(int perSecond, Step step) throws IOException {
    long pause = (long) (1_000_000_000 / (perSecond * SHARE));
    int steps = (int) (TIME.toNanos() / pause);
    long next = System.nanoTime();
    for (int i = 0; i < steps; i++) {
      for (long wait = next - System.nanoTime(); wait > 0; wait = next - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      step.run(i);
      // a step that took long does not make those behind it come in a burst
      next = Math.max(next + pause, System.nanoTime());
    }
    return steps;
  }

  /** Waits for as long as an answer said. */
  static void pause(long retryAfterMs) {
    long until = System.nanoTime() + Duration.ofMillis(retryAfterMs + 1).toNanos();
    for (long wait = until - System.nanoTime(); wait > 0; wait = until - System.nanoTime()) {
      LockSupport.parkNanos(wait);
    }
  }
}
