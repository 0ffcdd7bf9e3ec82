package io.edgepush.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class PositionPropertyTest {
  @Property(tries = 300)
  void positionsIncreaseWhateverTheClockDoes(
      @ForAll @Size(max = 50) List<@LongRange(min = 0, max = 20) Long> clock) {
    Position position = Position.start("e");
    for (long nowMs : clock) {
      Position next = position.next(nowMs);
      assertTrue(next.isAfter(position), () -> next + " at " + nowMs);
      assertTrue(next.ms() >= nowMs);
      position = next;
    }
  }

  @Property(tries = 300)
  void nothingLiesBetweenAPositionAndTheOneBefore(
      @ForAll @LongRange(min = 0, max = 5) long ms, @ForAll @LongRange(min = 0, max = 2) long seq) {
    Position position = new Position("e", ms, seq).next(0);
    Position before = position.before();

    assertTrue(position.isAfter(before));
    assertEquals(position, before.next(0));
  }
}
