package io.edgepush.service.redis;

import io.edgepush.model.Retention;
import java.time.Duration;
import java.util.List;

/**
 * How much history to keep of an event and for how long its key, as the publishing script takes it.
 *
 * @param arguments lifetime of the key; how to trim by count: a stream drops nodes of 100 entries
 *     at a time, or single entries at some cost, or keeps nothing; events to keep; bytes at which
 *     to trim: large bounds are trimmed an eighth at a time; and what is needed seldom
 */
record Policy(List<byte[]> arguments) {
  private static final Duration GIVEN = Duration.ofMinutes(5);
  private static final Duration MADE = Duration.ofSeconds(30);
  private static final int NODE = 100;
  private static final int SMALL_BYTES = 64 << 10;
  private static final long FORGET_MS = Duration.ofHours(25).toMillis();
  private static final long HOUR_MS = Duration.ofHours(1).toMillis();
  private static final long MOST_MS = Duration.ofDays(3650).toMillis();

  /**
   * What a policy depends on.
   *
   * @param given whether the publisher gave the idempotency key
   * @param fits whether the event is within the bound of bytes; otherwise it is not kept, nor what
   *     came before it
   */
  record Case(Retention retention, boolean given, boolean fits) {}

  static Policy of(Case event) {
    Retention retention = event.retention();
    long ageMs = ageMs(retention);
    boolean keeps = event.fits() && retention.events() > 0 && ageMs > 0;
    long bytes = retention.bytes();
    long forget = Math.max(FORGET_MS, ageMs + HOUR_MS);
    return new Policy(
        List.of(
            Keys.bytes(Long.toString((event.given() ? GIVEN : MADE).toMillis())),
            Keys.bytes(!keeps ? "-" : retention.events() < NODE ? "=" : "~"),
            Keys.bytes(Integer.toString(retention.events())),
            Keys.bytes(Long.toString(bytes < SMALL_BYTES ? bytes : bytes + bytes / 8)),
            Keys.bytes(bytes + " " + ageMs + " " + (ageMs + 1_000) + " " + forget)));
  }

  /** The age in whole milliseconds, at most ten years. */
  static long ageMs(Retention retention) {
    return retention.age().compareTo(Duration.ofMillis(MOST_MS)) > 0
        ? MOST_MS
        : retention.age().toMillis();
  }
}
