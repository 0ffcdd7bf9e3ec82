package io.edgepush.bench.load;

/**
 * What every event carries in its data: topic, lane (the publisher), sequence number within topic
 * and lane, and when it was meant to be sent. 27 printable bytes, {@code @#} and then digits of
 * five bits from {@code 0} to {@code O}, which neither JSON nor SSE escapes; read in place.
 */
public final class Mark {
  /** The length in bytes. */
  public static final int LENGTH = 27;

  /** The most topics. */
  public static final int MAX_TOPICS = 1 << 20;

  /** The most lanes. */
  public static final int MAX_LANES = 1 << 10;

  private static final int TOPIC = 2;
  private static final int LANE = 6;
  private static final int SEQ = 8;
  private static final int MICROS = 16;

  private Mark() {}

  /** Writes a mark. */
  public static void write(byte[] b, int at, int topic, int lane, long seq, long micros) {
    b[at] = '@';
    b[at + 1] = '#';
    digits(b, at + TOPIC, at + LANE, topic);
    digits(b, at + LANE, at + SEQ, lane);
    digits(b, at + SEQ, at + MICROS, seq);
    digits(b, at + MICROS, at + LENGTH, micros);
  }

  /** Where the first mark begins, or −1. */
  public static int find(byte[] b, int from, int to) {
    for (int i = from; i <= to - LENGTH; i++) {
      if (b[i] == '@' && b[i + 1] == '#') {
        return i;
      }
    }
    return -1;
  }

  /** Whether a mark begins there. */
  public static boolean isAt(byte[] b, int at, int to) {
    return at <= to - LENGTH && b[at] == '@' && b[at + 1] == '#';
  }

  /** The topic's number. */
  public static int topic(byte[] b, int at) {
    return (int) number(b, at + TOPIC, at + LANE);
  }

  /** The lane. */
  public static int lane(byte[] b, int at) {
    return (int) number(b, at + LANE, at + SEQ);
  }

  /** The sequence number. */
  public static long seq(byte[] b, int at) {
    return number(b, at + SEQ, at + MICROS);
  }

  /** When it was meant to be sent, by {@link Ticks}. */
  public static long micros(byte[] b, int at) {
    return number(b, at + MICROS, at + LENGTH);
  }

  private static void digits(byte[] b, int from, int to, long value) {
    long rest = value;
    for (int i = to - 1; i >= from; i--) {
      b[i] = (byte) ('0' + (rest & 31));
      rest >>>= 5;
    }
  }

  private static long number(byte[] b, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      value = value << 5 | (b[i] - '0');
    }
    return value;
  }
}
