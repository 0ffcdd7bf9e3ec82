package io.edgepush.service.redis;

import io.edgepush.model.Retention;
import java.time.Duration;

/**
 * How much history to keep, as the publishing script takes it.
 *
 * @param bytes bytes to keep; an event greater than that is not kept, nor what came before it
 * @param how to trim by count: a stream drops nodes of 100 entries at a time, or single entries at
 *     some cost
 * @param events events to keep
 * @param trimAt bytes at which to trim: large bounds are trimmed an eighth at a time
 * @param seldom what the script needs seldom, in one argument
 */
record Policy(long bytes, byte[] how, byte[] events, byte[] trimAt, byte[] seldom) {
  private static final byte[] NOTHING = Keys.bytes("-");
  private static final byte[] EXACTLY = Keys.bytes("=");
  private static final byte[] BY_NODES = Keys.bytes("~");
  private static final int NODE = 100;
  private static final int SMALL_BYTES = 64 << 10;
  private static final long FORGET_MS = Duration.ofHours(25).toMillis();
  private static final long HOUR_MS = Duration.ofHours(1).toMillis();
  private static final long MOST_MS = Duration.ofDays(3650).toMillis();

  static Policy of(Retention retention) {
    long ageMs = ageMs(retention);
    byte[] how =
        retention.events() == 0 || ageMs == 0
            ? NOTHING
            : retention.events() < NODE ? EXACTLY : BY_NODES;
    long bytes = retention.bytes();
    long trimAt = bytes < SMALL_BYTES ? bytes : bytes + bytes / 8;
    long forget = Math.max(FORGET_MS, ageMs + HOUR_MS);
    String seldom = bytes + " " + ageMs + " " + (ageMs + 1_000) + " " + forget;
    return new Policy(
        bytes,
        how,
        Keys.bytes(Integer.toString(retention.events())),
        Keys.bytes(Long.toString(trimAt)),
        Keys.bytes(seldom));
  }

  /** How to trim when an event of this size comes. */
  byte[] how(int size) {
    return size > bytes ? NOTHING : how;
  }

  /** The age in whole milliseconds, at most ten years. */
  static long ageMs(Retention retention) {
    return retention.age().compareTo(Duration.ofMillis(MOST_MS)) > 0
        ? MOST_MS
        : retention.age().toMillis();
  }
}
