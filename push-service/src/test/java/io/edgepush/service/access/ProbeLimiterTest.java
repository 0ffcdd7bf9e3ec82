package io.edgepush.service.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProbeLimiterTest {
  private static final byte[] GUESS = {1};
  private static final byte[] KNOWN = {2};

  private final AtomicLong nanos = new AtomicLong();
  private final ProbeLimiter limiter = new ProbeLimiter(nanos::get);

  private void refuse(String peer, int times) {
    for (int i = 0; i < times; i++) {
      limiter.refused(peer);
    }
  }

  @Test
  void anAddressWaitsAMinuteAfterTooManyRefusals() {
    refuse("10.0.0.1", ProbeLimiter.REFUSALS - 1);
    assertEquals(0, limiter.waitMs("10.0.0.1", GUESS));
    refuse("10.0.0.1", 1);
    assertTrue(limiter.waitMs("10.0.0.1", GUESS) > 0);
    assertEquals(0, limiter.waitMs("10.0.0.2", GUESS));
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    assertEquals(0, limiter.waitMs("10.0.0.1", GUESS));
  }

  @Test
  void whatWasValidBeforeDoesNotWait() {
    limiter.accepted(KNOWN);
    refuse("10.0.0.1", ProbeLimiter.REFUSALS);
    assertEquals(0, limiter.waitMs("10.0.0.1", KNOWN));
    nanos.addAndGet(Duration.ofMinutes(11).toNanos());
    refuse("10.0.0.1", ProbeLimiter.REFUSALS);
    assertTrue(limiter.waitMs("10.0.0.1", KNOWN) > 0, "it has been long");
  }

  @Test
  void ofIpv6AWholeNetworkCountsAsOne() {
    for (int i = 0; i < ProbeLimiter.REFUSALS; i++) {
      limiter.refused("2001:db8:0:1:0:0:0:" + Integer.toHexString(i));
    }
    assertTrue(limiter.waitMs("2001:db8:0:1:ffff:0:0:1", GUESS) > 0);
    assertEquals(0, limiter.waitMs("2001:db8:0:2:0:0:0:1", GUESS));
  }

  @Test
  void aMillionAddressesFillNoMemory() {
    for (int i = 0; i < 1_000_000; i++) {
      limiter.refused((i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255) + ".1");
    }
    assertTrue(limiter.addresses() <= 50_000);
  }
}
