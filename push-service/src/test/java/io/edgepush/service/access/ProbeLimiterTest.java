package io.edgepush.service.access;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.model.Problem;
import io.edgepush.model.ProblemException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProbeLimiterTest {
  private static final int REFUSALS = ProbeLimits.DEFAULT.refusalsPerMinute();
  private static final int FORBIDDEN = ProbeLimits.DEFAULT.forbiddenPerMinute();
  private static final byte[] GUESS = {1};
  private static final byte[] KNOWN = {2};

  private final AtomicLong nanos = new AtomicLong();
  private final ProbeLimiter limiter = new ProbeLimiter(nanos::get);

  private void refuse(String peer, int times) {
    for (int i = 0; i < times; i++) {
      limiter.refused(peer);
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private Problem refusal(String peer, byte[] credentials) {
    return assertThrows(ProblemException.class, () -> limiter.requireFew(peer, credentials))
        .problem();
  }

  private void assertLooksAt(String peer, byte[] credentials) {
    assertDoesNotThrow(() -> limiter.requireFew(peer, credentials));
  }

  @Test
  void anAddressWaitsForTheEndOfItsMinuteAfterTooManyRefusals() {
    refuse("10.0.0.1", REFUSALS - 1);
    assertLooksAt("10.0.0.1", GUESS);
    pass(Duration.ofSeconds(20));
    refuse("10.0.0.1", 1);
    Problem problem = refusal("10.0.0.1", GUESS);
    assertEquals(Problem.Code.TOO_MANY_REQUESTS, problem.code());
    assertEquals(40_000, problem.retryAfterMs());
    assertEquals("\"refusals-per-minute\";q=30;w=60", problem.quota().policyField());
    assertEquals("\"refusals-per-minute\";r=0;t=40", problem.quota().stateField());
    assertLooksAt("10.0.0.2", GUESS);
    pass(Duration.ofSeconds(41));
    assertLooksAt("10.0.0.1", GUESS);
    assertEquals(1, limiter.overRefusals().sum());
  }

  @Test
  void whatWasValidBeforeDoesNotWait() {
    limiter.accepted(KNOWN);
    refuse("10.0.0.1", REFUSALS);
    assertLooksAt("10.0.0.1", KNOWN);
    pass(Duration.ofMinutes(11));
    refuse("10.0.0.1", REFUSALS);
    assertEquals("", refusal("10.0.0.1", KNOWN).field(), "it has been long");
  }

  @Test
  void whoeverGoesOnWorkingIsNotShutOutHoweverLongAnotherGuesses() {
    limiter.accepted(KNOWN);
    for (int minute = 0; minute < 30; minute++) {
      refuse("10.0.0.1", REFUSALS);
      assertLooksAt("10.0.0.1", KNOWN);
      pass(Duration.ofMinutes(1));
    }
  }

  @Test
  void aKeyThatIsTriedOnWhatItMayNotDoWaitsAtThatAddress() {
    for (int i = 0; i < FORBIDDEN; i++) {
      limiter.requireFewForbidden("10.0.0.1", "orders");
      limiter.forbidden("10.0.0.1", "orders");
    }
    Problem problem =
        assertThrows(
                ProblemException.class, () -> limiter.requireFewForbidden("10.0.0.1", "orders"))
            .problem();
    assertEquals("\"forbidden-per-minute\";q=300;w=60", problem.quota().policyField());
    limiter.requireFewForbidden("10.0.0.2", "orders");
    limiter.requireFewForbidden("10.0.0.1", "invoices");
    pass(Duration.ofSeconds(61));
    limiter.requireFewForbidden("10.0.0.1", "orders");
    assertEquals(1, limiter.overForbidden().sum());
  }

  @Test
  void zeroIsOff() {
    limiter.change(new ProbeLimits(0, 0));
    refuse("10.0.0.1", 10 * REFUSALS);
    assertLooksAt("10.0.0.1", GUESS);
    for (int i = 0; i < 10 * FORBIDDEN; i++) {
      limiter.forbidden("10.0.0.1", "orders");
    }
    limiter.requireFewForbidden("10.0.0.1", "orders");
  }

  @Test
  void ofIpv6AWholeNetworkCountsAsOne() {
    for (int i = 0; i < REFUSALS; i++) {
      limiter.refused("2001:db8:0:1:0:0:0:" + Integer.toHexString(i));
    }
    assertTrue(refusal("2001:db8:0:1:ffff:0:0:1", GUESS).retryAfterMs() > 0);
    assertLooksAt("2001:db8:0:2:0:0:0:1", GUESS);
  }

  @Test
  void aMillionAddressesFillNoMemory() {
    for (int i = 0; i < 1_000_000; i++) {
      String address = (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255) + ".1";
      limiter.refused(address);
      limiter.forbidden(address, "orders");
    }
    assertTrue(limiter.addresses() <= 100_000);
  }
}
