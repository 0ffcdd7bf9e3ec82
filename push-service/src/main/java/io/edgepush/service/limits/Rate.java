package io.edgepush.service.limits;

import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;
import java.time.Duration;
import java.util.function.LongSupplier;

/** So many a second, by resilience4j. Safe for any thread; never waits. */
public final class Rate implements LongSupplier {
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final long NANOS_PER_MS = 1_000_000;

  private final AtomicRateLimiter limiter;

  /** A rate that nothing was taken of. */
  public Rate(int perSecond) {
    limiter =
        new AtomicRateLimiter(
            "rate",
            RateLimiterConfig.custom()
                .limitForPeriod(perSecond)
                .limitRefreshPeriod(PERIOD)
                .timeoutDuration(Duration.ZERO)
                .writableStackTraceEnabled(false)
                .build());
  }

  /** Takes one permit: 0, or the nanoseconds after which there may be one. */
  @Override
  public long getAsLong() {
    return limiter.acquirePermission(1)
        ? 0
        : Math.max(NANOS_PER_MS, limiter.getDetailedMetrics().getNanosToWait());
  }

  /** Takes permits, at most all of a second's: 0, or the milliseconds after which to try again. */
  public long take(int permits) {
    int most = Math.min(permits, limiter.getRateLimiterConfig().getLimitForPeriod());
    return limiter.acquirePermission(most)
        ? 0
        : Math.ceilDiv(
            Math.max(NANOS_PER_MS, limiter.getDetailedMetrics().getNanosToWait()), NANOS_PER_MS);
  }

  /** How many permits are left. */
  public int remaining() {
    return Math.max(0, limiter.getMetrics().getAvailablePermissions());
  }
}
