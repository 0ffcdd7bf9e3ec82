package io.edgepush.wire;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes idempotency keys for publications that come without one. Safe for any thread; never blocks.
 *
 * <p>A key is 128 random bits drawn once a process, and a counter. That tells apart the keys of all
 * processes and is all that is needed: no key of ours ever leaves the service, so that nobody can
 * learn the random part and guess the next key, and drawing fresh bits for every event would buy
 * nothing.
 */
public final class IdempotencyKeys {
  private static final String PREFIX = prefix();
  private static final AtomicLong COUNTER = new AtomicLong();

  private IdempotencyKeys() {}

  /** A key that no other publication has, here or on another node. */
  public static String make() {
    return PREFIX + Long.toString(COUNTER.incrementAndGet(), Character.MAX_RADIX);
  }

  private static String prefix() {
    byte[] bits = new byte[16];
    new SecureRandom().nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits) + ".";
  }
}
