package io.edgepush.service.limits;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many of each key are open. It has as many keys as there are open connections at most. Safe
 * for any thread.
 */
final class OpenCounts {
  private final ConcurrentMap<Object, Integer> open = new ConcurrentHashMap<>();

  /** Counts one more, unless there are as many as there may be. */
  boolean enter(Object key, int most) {
    boolean[] entered = new boolean[1];
    open.compute(
        key,
        (_, count) -> {
          int before = count == null ? 0 : count;
          entered[0] = before < most;
          return entered[0] ? Integer.valueOf(before + 1) : count;
        });
    return entered[0];
  }

  /** Counts one less. */
  void leave(Object key) {
    open.computeIfPresent(key, (_, count) -> count > 1 ? count - 1 : null);
  }

  int keys() {
    return open.size();
  }
}
