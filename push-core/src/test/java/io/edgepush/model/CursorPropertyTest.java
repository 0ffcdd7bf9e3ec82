package io.edgepush.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class CursorPropertyTest {
  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void aCursorReadsAsItPrints(@ForAll("anyIds") List<EventId> ids) {
    Cursor cursor = of(ids);

    assertEquals(cursor, Cursor.parse(cursor.toString()));
    assertEquals(cursor.toString(), Cursor.parse(cursor.toString()).toString());
    assertEquals(ids.isEmpty(), cursor.isEmpty());
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void aCursorHoldsTheNewestPositionOfEachPartitionInUse(
      @ForAll("idsOfOneEpoch") List<EventId> ids) {
    TreeMap<Integer, Position> newest = new TreeMap<>();
    ids.forEach(id -> newest.merge(id.partition(), id.position(), (a, b) -> b.isAfter(a) ? b : a));

    assertEquals(newest, of(ids).positions());
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void advancingNeverGoesBackWithinAnEpoch(
      @ForAll("idsOfOneEpoch") List<EventId> ids, @ForAll("idOfOneEpoch") EventId next) {
    Cursor cursor = of(ids);

    Cursor advanced = cursor.advancedTo(next);

    cursor
        .positions()
        .forEach(
            (p, position) ->
                assertFalse(
                    position.isAfter(advanced.position(p).orElseThrow()), cursor + "→" + advanced));
    assertFalse(next.position().isAfter(advanced.position(next.partition()).orElseThrow()));
    assertSame(advanced, advanced.advancedTo(next));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void anEventOfAnotherEpochReplacesThePosition(
      @ForAll("idsOfOneEpoch") List<EventId> ids, @ForAll("idOfOneEpoch") EventId id) {
    EventId other = new EventId(id.partition(), new Position("other", 0, 1));

    Cursor advanced = of(ids).advancedTo(id).advancedTo(other);

    assertEquals(Optional.of(other.position()), advanced.position(id.partition()));
    assertEquals(of(ids).advancedTo(id).positions().size(), advanced.positions().size());
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void whatIsNoCursorIsAProblemOfItsOwn(@ForAll("texts") String text) {
    try {
      Cursor cursor = Cursor.parse(text);
      assertEquals(cursor, Cursor.parse(cursor.toString()), text);
    } catch (ProblemException e) {
      assertEquals(Problem.Code.INVALID_CURSOR, e.problem().code(), text);
      assertEquals("cursor", e.problem().field());
    }
  }

  @Example
  void textsThatAreNoCursorsAreRefused() {
    List<String> texts =
        List.of(
            ",",
            "0",
            "0:e:1-1,",
            ",0:e:1-1",
            "0:e:1-1,,1:e:1-1",
            "0:e:1-1,0:e:1-2",
            "x:e:1-1",
            "-1:e:1-1",
            "16384:e:1-1",
            "999999:e:1-1",
            "٠:e:1-1",
            "0:e:1-1 ",
            "0:e:1-1\n",
            "0:e1-1",
            "0::1-1",
            "0:e:1-1;1:e:1-1",
            "0".repeat(5_000));
    for (String text : texts) {
      ProblemException e = assertThrows(ProblemException.class, () -> Cursor.parse(text), text);
      assertEquals(Problem.Code.INVALID_CURSOR, e.problem().code(), text);
    }
  }

  @Example
  void theEmptyTextIsTheEmptyCursor() {
    assertEquals(Cursor.EMPTY, Cursor.parse(""));
    assertEquals("", Cursor.EMPTY.toString());
    assertTrue(Cursor.EMPTY.isEmpty());
    assertEquals(Optional.empty(), Cursor.EMPTY.position(0));
  }

  @Example
  void idsAreOrderedByPartition() {
    Cursor cursor = Cursor.parse("12:e:5-0,3:f:7-1");

    assertEquals("3:f:7-1,12:e:5-0", cursor.toString());
    assertEquals(Optional.of(new Position("f", 7, 1)), cursor.position(3));
    assertEquals(cursor, Cursor.of(EventId.parse("12:e:5-0")).advancedTo(EventId.parse("3:f:7-1")));
  }

  private static Cursor of(List<EventId> ids) {
    Cursor cursor = Cursor.EMPTY;
    for (EventId id : ids) {
      cursor = cursor.advancedTo(id);
    }
    return cursor;
  }

  @Provide
  Arbitrary<List<EventId>> anyIds() {
    Arbitrary<String> epochs =
        Arbitraries.strings().withCharRange('0', '9').alpha().ofMinLength(1).ofMaxLength(16);
    Arbitrary<Position> positions =
        Combinators.combine(
                epochs,
                Arbitraries.longs().between(0, 9_999_999_999_999L),
                Arbitraries.longs().between(0, Position.MAX_SEQ))
            .as(Position::new);
    return Combinators.combine(
            Arbitraries.integers().between(0, EventId.MAX_PARTITIONS - 1), positions)
        .as(EventId::new)
        .list()
        .ofMaxSize(16);
  }

  @Provide
  Arbitrary<EventId> idOfOneEpoch() {
    Arbitrary<Position> positions =
        Combinators.combine(Arbitraries.longs().between(0, 5), Arbitraries.longs().between(0, 3))
            .as((ms, seq) -> new Position("e", ms, seq));
    return Combinators.combine(Arbitraries.integers().between(0, 3), positions).as(EventId::new);
  }

  @Provide
  Arbitrary<List<EventId>> idsOfOneEpoch() {
    return idOfOneEpoch().list().ofMaxSize(12);
  }

  /**
   * Cursors with a place or two changed, texts of the characters that cursors are made of, and any
   * texts.
   */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> broken =
        Combinators.combine(
                anyIds(), Arbitraries.integers().between(0, 40), Arbitraries.chars().ascii())
            .as(
                (ids, at, c) ->
                    new StringBuilder(of(ids) + " ".repeat(41))
                        .replace(at, at + 1, "" + c)
                        .toString()
                        .strip());
    return Arbitraries.frequencyOf(
        Tuple.of(3, broken),
        Tuple.of(3, Arbitraries.strings().withChars("0123456789:-,eZ").ofMaxLength(24)),
        Tuple.of(1, Arbitraries.strings().ofMaxLength(30)));
  }
}
