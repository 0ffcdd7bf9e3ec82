package io.edgepush.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MarkTest {
  private final Random random = new Random(20_251_101);

  @Test
  void aMarkIsReadAsItWasWritten() {
    byte[] b = new byte[100];
    for (int i = 0; i < 1_000; i++) {
      int at = random.nextInt(b.length - Mark.LENGTH);
      int topic = random.nextInt(Mark.MAX_TOPICS);
      int lane = random.nextInt(Mark.MAX_LANES);
      long seq = random.nextLong(1L << 40);
      long micros = random.nextLong(1L << 55);

      Mark.write(b, at, topic, lane, seq, micros);

      assertTrue(Mark.isAt(b, at, b.length));
      assertEquals(topic, Mark.topic(b, at));
      assertEquals(lane, Mark.lane(b, at));
      assertEquals(seq, Mark.seq(b, at));
      assertEquals(micros, Mark.micros(b, at));
    }
  }

  @Test
  void aMarkNeedsNoEscapeInJsonAndHoldsNoOther() {
    byte[] b = new byte[Mark.LENGTH];
    for (int i = 0; i < 1_000; i++) {
      Mark.write(
          b, 0, random.nextInt(1 << 20), random.nextInt(1 << 10), i, random.nextLong(1L << 55));

      for (byte c : b) {
        assertTrue(c == '@' || c == '#' || (c >= '0' && c <= 'O'), () -> "" + c);
      }
      assertEquals(-1, Mark.find(b, 1, b.length));
    }
  }

  @Test
  void aMarkThatIsCutIsNone() {
    byte[] b = new byte[Mark.LENGTH];
    Mark.write(b, 0, 1, 2, 3, 4);

    assertEquals(0, Mark.find(b, 0, b.length));
    assertEquals(-1, Mark.find(b, 0, b.length - 1));
  }
}
