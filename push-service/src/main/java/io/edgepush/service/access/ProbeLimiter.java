package io.edgepush.service.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes guessing slow: an address that was refused too often in a minute is not looked at again
 * before the minute is over, except with what was valid a short while ago. So a guesser behind the
 * same address as an honest client does not shut that one out. Both maps are bounded; when they
 * overflow, the oldest are forgotten. Safe for any thread.
 */
final class ProbeLimiter {
  /** How many refusals an address has in a minute. */
  static final int REFUSALS = 30;

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration REMEMBERED = Duration.ofMinutes(10);
  private static final int ADDRESSES = 50_000;
  private static final int CREDENTIALS = 50_000;

  private final Cache<String, AtomicInteger> refused;
  private final Cache<ByteBuffer, Boolean> good;

  ProbeLimiter(Ticker ticker) {
    refused =
        Caffeine.newBuilder()
            .maximumSize(ADDRESSES)
            .expireAfterWrite(WINDOW)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
    good =
        Caffeine.newBuilder()
            .maximumSize(CREDENTIALS)
            .expireAfterWrite(REMEMBERED)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  /** Milliseconds that this address has to wait; 0 when it may try. */
  long waitMs(String peer, byte[] sha256) {
    AtomicInteger count = refused.getIfPresent(network(peer));
    return count == null
            || count.get() < REFUSALS
            || good.getIfPresent(ByteBuffer.wrap(sha256)) != null
        ? 0
        : WINDOW.toMillis();
  }

  /** Takes note of a refusal. */
  void refused(String peer) {
    refused.get(network(peer), _ -> new AtomicInteger()).incrementAndGet();
  }

  /** Takes note of valid credentials. */
  void accepted(byte[] sha256) {
    ByteBuffer key = ByteBuffer.wrap(sha256);
    if (good.getIfPresent(key) == null) {
      good.put(key, true);
    }
  }

  /** How many addresses are remembered. */
  long addresses() {
    refused.cleanUp();
    return refused.estimatedSize();
  }

  /** Of IPv6 the first 64 bits: whoever has one address there has all of them. */
  private static String network(String peer) {
    int colons = 0;
    for (int i = 0; i < peer.length(); i++) {
      if (peer.charAt(i) == ':' && ++colons == 4) {
        return peer.substring(0, i);
      }
    }
    return peer;
  }
}
