package io.edgepush.backplane;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test moves. */
final class ManualClock implements InstantSource {
  static final long BEGIN_MS = 1_763_800_000_000L;

  private final AtomicLong nowMs = new AtomicLong(BEGIN_MS);

  void advance(Duration time) {
    nowMs.addAndGet(time.toMillis());
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    return nowMs.get();
  }
}
