package io.edgepush.service.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Quota;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Makes guessing slow. An address that was refused too often in a minute is not looked at again
 * before the minute is over, except with what was valid a short while ago: a guesser behind the
 * same address as an honest client does not shut that one out. And whoever is known, but asks too
 * often for what it may not do, waits for the end of its minute. All maps are bounded; when they
 * overflow, the oldest are forgotten. Safe for any thread.
 */
final class ProbeLimiter {
  /** The limit of an address, as configuration names it. */
  static final String REFUSALS = "refusals-per-minute";

  /** The limit of a key or token at an address, as configuration names it. */
  static final String FORBIDDEN = "forbidden-per-minute";

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration REMEMBERED = Duration.ofMinutes(10);
  private static final int MOST_KEPT = 50_000;

  private record Prober(String network, String name) {}

  private final Cache<String, AtomicInteger> refused;
  private final Cache<Prober, AtomicInteger> forbidden;
  private final Cache<ByteBuffer, Boolean> good;
  private final LongAdder overRefusals = new LongAdder();
  private final LongAdder overForbidden = new LongAdder();
  private volatile ProbeLimits limits = ProbeLimits.DEFAULT;

  ProbeLimiter(Ticker ticker) {
    refused = bounded(ticker).expireAfterWrite(WINDOW).build();
    forbidden = bounded(ticker).expireAfterWrite(WINDOW).build();
    good = bounded(ticker).expireAfterAccess(REMEMBERED).build();
  }

  private static Caffeine<Object, Object> bounded(Ticker ticker) {
    return Caffeine.newBuilder().maximumSize(MOST_KEPT).ticker(ticker).executor(Runnable::run);
  }

  /** These hold from now on. */
  void change(ProbeLimits changed) {
    limits = changed;
  }

  /**
   * Looks at an address before its credentials are.
   *
   * @param sha256 of what it presents
   * @throws ProblemException {@code TOO_MANY_REQUESTS} when it has to wait
   */
  void requireFew(String peer, byte[] sha256) {
    String network = network(peer);
    int most = limits.refusalsPerMinute();
    if (isOver(refused, network, most) && good.getIfPresent(ByteBuffer.wrap(sha256)) == null) {
      overRefusals.increment();
      throw tooMany(refused, network, REFUSALS, most, "too many attempts that were refused");
    }
  }

  /**
   * Looks at somebody who is known by now.
   *
   * @throws ProblemException {@code TOO_MANY_REQUESTS} when it has to wait
   */
  void requireFewForbidden(String peer, String name) {
    Prober prober = new Prober(network(peer), name);
    int most = limits.forbiddenPerMinute();
    if (isOver(forbidden, prober, most)) {
      overForbidden.increment();
      throw tooMany(
          forbidden, prober, FORBIDDEN, most, "too many requests for what is not permitted");
    }
  }

  private static <K> boolean isOver(Cache<K, AtomicInteger> counts, K key, int most) {
    AtomicInteger count = most == 0 ? null : counts.getIfPresent(key);
    return count != null && count.get() >= most;
  }

  private static <K> ProblemException tooMany(
      Cache<K, ?> counts, K key, String limit, int most, String detail) {
    Duration age =
        counts.policy().expireAfterWrite().flatMap(p -> p.ageOf(key)).orElse(Duration.ZERO);
    long waitMs = Math.max(1, WINDOW.minus(age).toMillis());
    long seconds = Math.ceilDiv(waitMs, 1_000L);
    Quota quota = new Quota(limit, most, 0, WINDOW.toSeconds(), seconds);
    return Problem.limited(Code.TOO_MANY_REQUESTS, detail, waitMs, quota).exception();
  }

  /** Takes note of credentials that were refused. */
  void refused(String peer) {
    refused.get(network(peer), _ -> new AtomicInteger()).incrementAndGet();
  }

  /** Takes note of a request for something that is not permitted. */
  void forbidden(String peer, String name) {
    forbidden.get(new Prober(network(peer), name), _ -> new AtomicInteger()).incrementAndGet();
  }

  /** Takes note of valid credentials. */
  void accepted(byte[] sha256) {
    ByteBuffer key = ByteBuffer.wrap(sha256);
    if (good.getIfPresent(key) == null) {
      good.put(key, true);
    }
  }

  /** How often an address had to wait. */
  LongAdder overRefusals() {
    return overRefusals;
  }

  /** How often a key or token had to wait. */
  LongAdder overForbidden() {
    return overForbidden;
  }

  /** How many addresses are remembered. */
  long addresses() {
    refused.cleanUp();
    forbidden.cleanUp();
    return refused.estimatedSize() + forbidden.estimatedSize();
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
