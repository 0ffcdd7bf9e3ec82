package io.edgepush.service.shedding;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.hub.Overflow;
import io.edgepush.model.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoadShedderTest {
  private static final long MARK = 1_000;
  private static final Overflow SAMPLED = new Overflow(Overflow.Policy.SAMPLE, 2);
  private static final Overflow LATEST = new Overflow(Overflow.Policy.LATEST, 1);

  private final AtomicLong bytes = new AtomicLong();
  private final List<Overflow> sampled = new ArrayList<>();
  private Marks marks = new Marks(0, 0, MARK, Duration.ofNanos(1));
  private LoadShedder shedder = shedder();

  private LoadShedder shedder() {
    return new LoadShedder(
        new LoadMeter(bytes::get), () -> marks, () -> sampled.add(shedder.sampled(SAMPLED)));
  }

  private void lookUntil(Step step) {
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              shedder.look();
              return shedder.step() == step;
            });
  }

  @Test
  void eachStepShedsWhatItIsNamedForAndAllBeforeIt() {
    assertTrue(shedder.connectionRefusal().isEmpty());
    assertTrue(shedder.report().isEmpty());
    bytes.set(MARK);
    lookUntil(Step.CONNECTIONS);
    Problem refusal = shedder.connectionRefusal().orElseThrow();
    assertEquals(503, refusal.code().status());
    assertTrue(refusal.retryAfterMs() > 0);
    assertSame(SAMPLED, shedder.sampled(SAMPLED));
    lookUntil(Step.SAMPLES);
    assertTrue(shedder.sampled(SAMPLED).samplePeriod().compareTo(SAMPLED.samplePeriod()) > 0);
    assertSame(LATEST, shedder.sampled(LATEST));
    assertTrue(shedder.publishRefusal().isEmpty());
    lookUntil(Step.PUBLISHES);
    assertEquals(503, shedder.publishRefusal().orElseThrow().code().status());
    assertTrue(shedder.report().orElseThrow().contains("publishes"), shedder.report()::toString);
    assertEquals(1, shedder.refused().get(Step.CONNECTIONS).sum());
    assertEquals(1, shedder.refused().get(Step.PUBLISHES).sum());
  }

  @Test
  void whoeverAppliesTheSamplesIsToldWhenTheyChangeAndOnlyThen() {
    bytes.set(MARK);
    lookUntil(Step.PUBLISHES);
    assertEquals(1, sampled.size());
    bytes.set(0);
    lookUntil(Step.NONE);
    assertEquals(2, sampled.size());
    assertSame(SAMPLED, sampled.getLast());
    assertTrue(shedder.connectionRefusal().isEmpty() && shedder.publishRefusal().isEmpty());
  }

  @Test
  void aNodeThatEndsTakesNoPublishes() {
    shedder.end();
    assertEquals(503, shedder.publishRefusal().orElseThrow().code().status());
    assertTrue(shedder.connectionRefusal().isEmpty(), "that is the listener's");
  }

  @Test
  void aMarkThatIsChangedHoldsAtTheNextLook() {
    bytes.set(MARK / 2);
    shedder.look();
    shedder.look();
    assertSame(Step.NONE, shedder.step());
    marks = new Marks(0, 0, MARK / 2, Duration.ofNanos(1));
    lookUntil(Step.CONNECTIONS);
  }

  @Test
  void theLoadIsMeasured() {
    LoadMeter meter = new LoadMeter(() -> 7);
    System.gc();
    Load load = meter.look();
    assertEquals(7, load.outboxBytes());
    assertTrue(load.heap() > 0 && load.heap() < 1, load::toString);
    assertTrue(load.cpu() >= 0 && load.cpu() <= 1, load::toString);
  }
}
