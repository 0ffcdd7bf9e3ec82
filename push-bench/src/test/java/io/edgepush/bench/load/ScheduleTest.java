package io.edgepush.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void thingsAreDueEvenlyWhateverBecameOfThoseBefore() {
    Schedule schedule = new Schedule(500, 1_000);

    assertEquals(500, schedule.due(0));
    assertEquals(500 + 1_000_000, schedule.due(1));
    assertEquals(500 + 3_600_000L * 1_000_000, schedule.due(3_600_000));
    assertTrue(schedule.isDue(7, schedule.due(7)));
    assertFalse(schedule.isDue(7, schedule.due(7) - 1));
  }

  @Test
  void withoutARateAllIsDueAtOnce() {
    Schedule schedule = new Schedule(500, 0);

    assertTrue(schedule.isDue(1_000_000, 500));
  }

  @Test
  void aClockThatPassesItsLastNumberDoesNotStopIt() {
    long start = Long.MAX_VALUE;
    start -= 5;
    Schedule schedule = new Schedule(start, 1_000);

    assertTrue(schedule.isDue(1, start + 2_000_000));
  }

  @Test
  void aRateBelowZeroIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Schedule(0, -1));
    assertThrows(IllegalArgumentException.class, () -> new Schedule(0, Double.NaN));
  }
}
