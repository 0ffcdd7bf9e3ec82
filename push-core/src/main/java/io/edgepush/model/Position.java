package io.edgepush.model;

/**
 * Where an event stands in its partition: strictly increasing within an epoch. The epoch is made at
 * random when the partition's state is created, so that positions of a store that lost its memory
 * are told from those before.
 *
 * @param epoch 1–16 letters and digits
 * @param ms milliseconds since 1970 by the clock of whoever orders the partition, never going back;
 *     at least 0
 * @param seq tells apart the events of one millisecond, at least 0
 */
public record Position(String epoch, long ms, long seq) {
  /**
   * The greatest sequence number; more events than this in a millisecond push the clock on instead.
   */
  public static final long MAX_SEQ = 999_999_999L;

  private static final long MAX_MS = 9_999_999_999_999L;

  /** Checks the parts. */
  public Position {
    if (epoch.isEmpty() || epoch.length() > 16 || !alphanumeric(epoch)) {
      throw new IllegalArgumentException("epoch: 1 to 16 letters and digits");
    }
    if (ms < 0 || ms > MAX_MS || seq < 0 || seq > MAX_SEQ) {
      throw new IllegalArgumentException("ms or seq out of range");
    }
  }

  /** Before every event of the epoch. */
  public static Position start(String epoch) {
    return new Position(epoch, 0, 0);
  }

  /**
   * Reads {@code epoch:ms-seq}.
   *
   * @throws IllegalArgumentException when the text is not a position
   */
  public static Position parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("a position is epoch:ms-seq");
    }
    return of(text.substring(0, colon), text.substring(colon + 1));
  }

  /**
   * Reads {@code ms-seq} within an epoch.
   *
   * @throws IllegalArgumentException when the text is not of that form
   */
  public static Position of(String epoch, String msSeq) {
    int dash = msSeq.indexOf('-');
    if (dash < 0) {
      throw new IllegalArgumentException("a position is epoch:ms-seq");
    }
    return new Position(epoch, digits(msSeq, 0, dash), digits(msSeq, dash + 1, msSeq.length()));
  }

  /** Whether both lie in the same epoch, so that they can be compared. */
  public boolean sameEpoch(Position other) {
    return epoch.equals(other.epoch);
  }

  /**
   * Whether this lies behind the other one.
   *
   * @throws IllegalArgumentException when the epochs differ: there is no order between them
   */
  public boolean isAfter(Position other) {
    if (!sameEpoch(other)) {
      throw new IllegalArgumentException("positions of different epochs have no order");
    }
    return ms != other.ms ? ms > other.ms : seq > other.seq;
  }

  /** The greatest position below this one; of {@code 0-0} it is itself. */
  public Position before() {
    if (seq > 0) {
      return new Position(epoch, ms, seq - 1);
    }
    return ms == 0 ? this : new Position(epoch, ms - 1, MAX_SEQ);
  }

  /**
   * The next position when the clock shows {@code nowMs}: later than this one whatever the clock
   * does.
   */
  public Position next(long nowMs) {
    if (nowMs > ms) {
      return new Position(epoch, nowMs, 0);
    }
    return seq < MAX_SEQ ? new Position(epoch, ms, seq + 1) : new Position(epoch, ms + 1, 0);
  }

  /**
   * {@code ms-seq}, the part that is unique within the epoch and the id of the entry in a Redis
   * stream.
   */
  public String msSeq() {
    return ms + "-" + seq;
  }

  @Override
  public String toString() {
    return epoch + ":" + ms + "-" + seq;
  }

  private static boolean alphanumeric(String s) {
    return s.chars()
        .allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
  }

  private static long digits(String s, int from, int to) {
    if (from >= to || to - from > 13) {
      throw new IllegalArgumentException("a position is epoch:ms-seq");
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = s.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new IllegalArgumentException("a position is epoch:ms-seq");
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
