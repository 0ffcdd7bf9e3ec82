package io.edgepush.backplane;

import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * Idempotency keys of one lifetime, oldest first; guarded by the lock of their {@link
 * MemoryPartition}.
 */
final class MemoryKeys {
  private static final int EXPIRED_PER_ADDED = 4;

  private final LinkedHashMap<Key, Position> firsts = new LinkedHashMap<>();
  private final long lifetimeMs;
  private final int most;

  /**
   * Keeps nothing yet.
   *
   * @param lifetime how long a key is kept
   * @param most how many are kept at most; the oldest go first
   */
  MemoryKeys(Duration lifetime, int most) {
    this.lifetimeMs = lifetime.toMillis();
    this.most = most;
  }

  /** The position of the event that the key was used for first. */
  Optional<Position> find(Key key, long nowMs) {
    return Optional.ofNullable(firsts.get(key)).filter(first -> alive(first, nowMs));
  }

  void add(Key key, Position first, long nowMs) {
    firsts.putLast(key, first);
    for (int i = 0; i < EXPIRED_PER_ADDED && !alive(firsts.firstEntry().getValue(), nowMs); i++) {
      firsts.pollFirstEntry();
    }
    if (firsts.size() > most) {
      firsts.pollFirstEntry();
    }
  }

  private boolean alive(Position first, long nowMs) {
    return nowMs - first.ms() < lifetimeMs;
  }

  int size() {
    return firsts.size();
  }

  void clear() {
    firsts.clear();
  }

  /** A key means something within its topic only. */
  record Key(Topic topic, String text) {}
}
