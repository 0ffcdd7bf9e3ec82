package io.edgepush.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
  @Test
  void theSequenceCountsWithinAMillisecondAndBeginsAnewWithTheNext() {
    Position first = Position.start("e").next(7);
    assertEquals(new Position("e", 7, 0), first);
    assertEquals(new Position("e", 7, 1), first.next(7));
    assertEquals(new Position("e", 7, 1), first.next(3));
    assertEquals(new Position("e", 8, 0), first.next(7).next(8));
  }

  @Test
  void aFullMillisecondPushesTheClockOn() {
    assertEquals(new Position("e", 8, 0), new Position("e", 7, Position.MAX_SEQ).next(7));
  }

  @Test
  void beforeTheStartIsTheStart() {
    assertEquals(Position.start("e"), Position.start("e").before());
    assertEquals(new Position("e", 6, Position.MAX_SEQ), new Position("e", 7, 0).before());
  }

  @Test
  void aPositionIsNotBehindItself() {
    Position position = new Position("e", 7, 3);
    assertFalse(position.isAfter(position));
    assertTrue(position.isAfter(new Position("e", 7, 2)));
    assertTrue(position.isAfter(new Position("e", 6, 9)));
    assertFalse(position.isAfter(new Position("e", 8, 0)));
  }

  @Test
  void positionsOfTwoEpochsHaveNoOrder() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Position("a", 1, 0).isAfter(new Position("b", 2, 0)));
    assertFalse(new Position("a", 1, 0).sameEpoch(new Position("A", 1, 0)));
  }

  @Test
  void aPositionReadsAsItPrints() {
    Position position = new Position("k3Fz8Q", 1_763_800_000_000L, 3);
    assertEquals("k3Fz8Q:1763800000000-3", position.toString());
    assertEquals("1763800000000-3", position.msSeq());
    assertEquals(position, Position.parse(position.toString()));
    assertEquals(position, Position.of("k3Fz8Q", position.msSeq()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "e",
        "e:",
        ":1-1",
        "e:1",
        "e:1-",
        "e:-1",
        "e:1--1",
        "e:1-1-1",
        "e:1:1-1",
        "é:1-1",
        "e :1-1",
        "e:+1-1",
        "e:1-1000000000",
        "e:10000000000000-0",
        "e:99999999999999999999-0",
        "e:1-x",
        "e:١-1",
        "abcdefghijklmnopq:1-1"
      })
  void whatIsNoPositionIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Position.parse(text));
  }
}
