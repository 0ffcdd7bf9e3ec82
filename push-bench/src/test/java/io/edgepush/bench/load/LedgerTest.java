package io.edgepush.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest {
  private final Counts counts = new Counts();

  @Test
  void whatComesOnceAndInOrderIsReceived() {
    Ledger ledger = new Ledger(new int[] {0}, 1);

    receive(ledger, 0, 1, 2, 3);

    assertEquals(4, counts.received);
    assertEquals(0, counts.duplicates + counts.late);
    assertEquals(0, ledger.lost(new long[] {4}));
  }

  @Test
  void whatNeverComesIsLostInTheMiddleAndAtTheEnd() {
    Ledger ledger = new Ledger(new int[] {0}, 1);

    receive(ledger, 0, 3, 4);

    assertEquals(2 + 5, ledger.lost(new long[] {10}));
  }

  @Test
  void whatComesBehindALaterOneIsOutOfOrderButNotLost() {
    Ledger ledger = new Ledger(new int[] {0}, 1);

    receive(ledger, 0, 2, 1, 3);

    assertEquals(1, counts.late);
    assertEquals(0, counts.duplicates);
    assertEquals(0, ledger.lost(new long[] {4}));
  }

  @Test
  void aRepetitionOfALateOneIsADuplicate() {
    Ledger ledger = new Ledger(new int[] {0}, 1);

    receive(ledger, 0, 2, 1, 1, 2);

    assertEquals(3, counts.received);
    assertEquals(2, counts.duplicates);
  }

  @Test
  void topicsAndLanesAreKeptApart() {
    Ledger ledger = new Ledger(new int[] {2, 5}, 2);
    ledger.received(2, 0, 0, counts);
    ledger.received(5, 1, 0, counts);
    ledger.received(5, 1, 2, counts);
    ledger.received(4, 0, 0, counts);
    ledger.received(5, 2, 0, counts);

    assertEquals(3, counts.received);
    assertEquals(2, counts.foreign);
    long[] published = new long[6 * 2];
    published[2 * 2] = 1;
    published[5 * 2 + 1] = 3;
    published[4 * 2] = 9; // not subscribed
    assertEquals(1, ledger.lost(published));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyDisorderIsToldExactly(long seed) {
    Random random = new Random(seed);
    List<Long> arriving = distorted(random);
    Ledger ledger = new Ledger(new int[] {0}, 1);
    Set<Long> seen = new HashSet<>();
    long highest = -1;
    long late = 0;
    for (long seq : arriving) {
      ledger.received(0, 0, seq, counts);
      late += seen.add(seq) && seq < highest ? 1 : 0;
      highest = Math.max(highest, seq);
    }

    assertEquals(seen.size(), counts.received);
    assertEquals(arriving.size() - seen.size(), counts.duplicates);
    assertEquals(late, counts.late);
    assertEquals(2_000 - seen.size(), ledger.lost(new long[] {2_000}));
  }

  private static List<Long> distorted(Random random) {
    List<Long> arriving = new ArrayList<>();
    for (long seq = 0; seq < 2_000; seq++) {
      for (int times = random.nextInt(10) == 0 ? random.nextInt(3) : 1; times > 0; times--) {
        int back = random.nextInt(5) == 0 ? random.nextInt(40) : 0;
        arriving.add(Math.max(0, arriving.size() - back), seq);
      }
    }
    return arriving;
  }

  @Test
  void ofTooManyHolesTheOldestAreSettled() {
    Ledger ledger = new Ledger(new int[] {0}, 1);
    int holes = Missing.MAX_RANGES + 10;
    for (long seq = 0; seq < holes; seq++) {
      ledger.received(0, 0, 2 * seq + 1, counts);
    }

    assertEquals(holes, ledger.lost(new long[] {2L * holes}));
  }

  private void receive(Ledger ledger, long... seqs) {
    for (long seq : seqs) {
      ledger.received(0, 0, seq, counts);
    }
  }
}
