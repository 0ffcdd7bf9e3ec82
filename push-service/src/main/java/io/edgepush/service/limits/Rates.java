package io.edgepush.service.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * One rate for each key, of those that were seen lately. However many keys come by, a bounded
 * number is kept: a key that is forgotten for many newer ones begins anew. Safe for any thread.
 */
final class Rates {
  /** The most keys that are kept, at about half a KiB each. */
  static final int MOST_KEYS = 20_000;

  private static final Duration IDLE = Duration.ofSeconds(5);

  private record Key(Object who, int perSecond) {}

  private final Cache<Key, Rate> rates =
      Caffeine.newBuilder()
          .maximumSize(MOST_KEYS)
          .expireAfterAccess(IDLE)
          .executor(Runnable::run)
          .build();

  Rate of(Object who, int perSecond) {
    return rates.get(new Key(who, perSecond), key -> new Rate(key.perSecond()));
  }

  /** How many are kept. */
  long size() {
    return rates.estimatedSize();
  }
}
