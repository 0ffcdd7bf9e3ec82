package io.edgepush.service.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the circuit opens, and when it closes. */
class CircuitTest {
  private final ManualClock clock = new ManualClock();
  private final Circuit circuit = new Circuit("test", CircuitBreakerRegistry.ofDefaults(), clock);

  private static final class ManualClock extends Clock {
    private Instant now = Instant.EPOCH;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }

    void pass(Duration time) {
      now = now.plus(time);
    }
  }

  private boolean call(boolean succeeds) {
    if (!circuit.admits()) {
      return false;
    }
    Command command = Command.call(Script.READ, 0, List.of(), 0);
    circuit.watch(command);
    if (succeeds) {
      command.reply().complete(1L);
    } else {
      Link.fail(command, Faults.overload());
    }
    return true;
  }

  private int calls(int count, boolean succeed) {
    int admitted = 0;
    for (int i = 0; i < count; i++) {
      admitted += call(succeed) ? 1 : 0;
    }
    return admitted;
  }

  @Test
  void opensWhenHalfOfTheCallsOfTheLastTenSecondsFailed() {
    assertEquals(1_000, calls(1_000, true));
    assertEquals(1_000, calls(1_000, false));
    assertFalse(call(true), "half of them");
  }

  @Test
  void failuresThatLieLongBackDoNotCountHoweverFewCallsThereAre() {
    for (int i = 0; i < 200; i++) {
      assertTrue(call(false), "one a second is no reason to open");
      clock.pass(Duration.ofSeconds(1));
    }
  }

  @Test
  void aBusyNodeDoesNotOpenAtAPauseOfAMoment() {
    for (int second = 0; second < 9; second++) {
      assertEquals(100, calls(100, true));
      clock.pass(Duration.ofSeconds(1));
    }
    assertEquals(200, calls(200, false), "two seconds' worth");
    assertTrue(call(true));
  }

  @Test
  void closesAgainWhenTheCallsThatTrySucceed() {
    assertEquals(20, calls(20, false));
    assertEquals(0, calls(10, true));
    clock.pass(Duration.ofSeconds(1).plusMillis(1));
    assertEquals(10, calls(10, false), "they try");
    assertEquals(0, calls(10, true), "in vain");
    clock.pass(Duration.ofSeconds(1).plusMillis(1));
    assertEquals(1_000, calls(1_000, true));
  }
}
