package io.edgepush.service.redis;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next attempt: twice as long each time, up to a bound, less up to a
 * half at random.
 */
final class Backoff {
  private final long minMs;
  private final long maxMs;
  private long nextMs;

  Backoff(Duration min, Duration max) {
    minMs = min.toMillis();
    maxMs = max.toMillis();
    nextMs = minMs;
  }

  /** Milliseconds to wait now. */
  long next() {
    long wait = nextMs - ThreadLocalRandom.current().nextLong(nextMs / 2 + 1);
    nextMs = Math.min(maxMs, nextMs * 2);
    return Math.max(1, wait);
  }

  void reset() {
    nextMs = minMs;
  }
}
