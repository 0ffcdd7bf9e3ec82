package io.edgepush.service.redis;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Goes on evenly whatever happens to the machine's time, from an instant that means nothing: for
 * windows and waits, which must not last an hour longer because somebody set the time back by one.
 */
final class SteadyClock extends Clock {
  private final ZoneId zone;

  SteadyClock() {
    this(ZoneOffset.UTC);
  }

  private SteadyClock(ZoneId zone) {
    this.zone = zone;
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId other) {
    return new SteadyClock(other);
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(System.nanoTime());
  }
}
