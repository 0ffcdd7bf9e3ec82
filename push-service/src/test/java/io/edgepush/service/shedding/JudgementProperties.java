package io.edgepush.service.shedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the load does, steps are taken in order, not too fast, and taken back. */
class JudgementProperties {
  private static final long LOOK = Duration.ofMillis(500).toNanos();
  private static final Marks MARKS = new Marks(80, 95, 1_000_000, Duration.ofSeconds(2));
  private static final int LOOKS_OF_PATIENCE = 4;

  private static final Load CALM = new Load(0.3, 0.3, 10_000);
  private static final Load BUSY = new Load(0.9, 0.3, 10_000);
  private static final Load WAITING = new Load(0.3, 0.3, 1_000_000);
  private static final Load FULL = new Load(0.3, 0.97, 10_000);

  private long now = 1;
  private Judgement judgement = Judgement.begin(now);

  @Provide
  Arbitrary<List<Load>> loads() {
    return Combinators.combine(
            Arbitraries.doubles().between(0, 1),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.longs().between(0, 2_000_000))
        .as(Load::new)
        .flatMap(load -> Arbitraries.integers().between(1, 12).map(n -> many(load, n)))
        .list()
        .ofMaxSize(30)
        .map(runs -> runs.stream().flatMap(List::stream).toList());
  }

  private static List<Load> many(Load load, int count) {
    return Collections.nCopies(count, load);
  }

  private Step look(Load load, Marks marks) {
    now += LOOK;
    judgement = judgement.next(load, marks, now);
    return judgement.step();
  }

  private void begin() {
    judgement = Judgement.begin(now);
  }

  @Property
  void stepsAreTakenOneAtATimeAndNotTooFast(@ForAll("loads") List<Load> loads) {
    begin();
    long moved = now - MARKS.patience().toNanos();
    for (Load load : loads) {
      Step before = judgement.step();
      Step after = look(load, MARKS);
      if (before == after) {
        continue;
      }
      assertEquals(1, Math.abs(before.ordinal() - after.ordinal()));
      boolean atOnce = before == Step.NONE && MARKS.isHeapFull(load);
      assertTrue(atOnce || now - moved >= MARKS.patience().toNanos());
      moved = now;
    }
  }

  @Property
  void aStepIsTakenOnlyUnderALoadThatCallsForItAndTakenBackUnderOneThatDoesNot(
      @ForAll("loads") List<Load> loads) {
    begin();
    for (Load load : loads) {
      Step before = judgement.step();
      Step after = look(load, MARKS);
      if (after.compareTo(before) > 0) {
        assertTrue(after.compareTo(MARKS.calledFor(load)) <= 0);
      } else if (after.compareTo(before) < 0) {
        assertTrue(before.compareTo(MARKS.heldBy(load)) > 0);
      }
    }
  }

  @Property
  void whateverWasItEndsWhenTheLoadIsCalm(@ForAll("loads") List<Load> loads) {
    begin();
    loads.forEach(load -> look(load, MARKS));
    for (int i = 0; i < 4 * (LOOKS_OF_PATIENCE + 1); i++) {
      look(CALM, MARKS);
    }
    assertSame(Step.NONE, judgement.step());
  }

  @Property
  void withoutMarksNothingIsShed(@ForAll("loads") List<Load> loads) {
    begin();
    loads.forEach(load -> assertSame(Step.NONE, look(load, Marks.NONE)));
  }

  @Property
  void aFullHeapAloneCostsNewConnectionsOnly(@ForAll("loads") List<Load> loads) {
    begin();
    for (Load load : loads) {
      Step step = look(new Load(0, load.heap(), 0), MARKS);
      assertTrue(step == Step.NONE || step == Step.CONNECTIONS);
    }
  }

  @Example
  void aLoadThatStaysTakesStepAfterStep() {
    for (Load load : List.of(BUSY, WAITING)) {
      begin();
      assertSame(Step.NONE, look(load, MARKS));
      for (Step step : List.of(Step.CONNECTIONS, Step.SAMPLES, Step.PUBLISHES)) {
        for (int i = 1; i < LOOKS_OF_PATIENCE; i++) {
          assertSame(step.previous(), look(load, MARKS));
        }
        assertSame(step, look(load, MARKS));
      }
      assertSame(Step.PUBLISHES, look(load, MARKS));
    }
  }

  @Example
  void aFullHeapDoesNotWait() {
    assertSame(Step.CONNECTIONS, look(FULL, MARKS));
  }

  @Example
  void aLoadAroundItsMarkDoesNotFlap() {
    begin();
    for (int i = 0; i < 100; i++) {
      assertSame(Step.NONE, look(i % 2 == 0 ? BUSY : CALM, MARKS));
    }
    for (int i = 0; i <= LOOKS_OF_PATIENCE; i++) {
      look(BUSY, MARKS);
    }
    for (int i = 0; i < 100; i++) {
      assertSame(Step.CONNECTIONS, look(new Load(i % 2 == 0 ? 0.81 : 0.73, 0, 0), MARKS));
    }
  }

  @Example
  void marksThatAreTurnedOffEndIt() {
    begin();
    for (int i = 0; i < 40; i++) {
      look(BUSY, MARKS);
    }
    assertSame(Step.PUBLISHES, judgement.step());
    Marks off = new Marks(0, 0, 0, MARKS.patience());
    for (int i = 0; i < 40; i++) {
      look(BUSY, off);
    }
    assertSame(Step.NONE, judgement.step());
  }
}
