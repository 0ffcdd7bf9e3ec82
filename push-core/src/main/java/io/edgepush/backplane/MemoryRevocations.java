package io.edgepush.backplane;

import io.edgepush.model.Revocation;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Counts the revocations of a single node, which hears of each at once. Safe for any thread. */
final class MemoryRevocations {
  private static final long RETRY_MS = 60_000;

  private final InstantSource clock;

  /** When each is forgotten; guarded by this. */
  private final Map<String, Long> until = new HashMap<>();

  MemoryRevocations(InstantSource clock) {
    this.clock = clock;
  }

  /** Takes note; throws a {@link BackplaneException} when there are too many. */
  synchronized void add(Revocation revocation) {
    if (until.size() >= Revocation.MOST) {
      long now = clock.millis();
      until.values().removeIf(end -> end <= now);
    }
    if (until.size() >= Revocation.MOST && !until.containsKey(revocation.text())) {
      throw new BackplaneException("there are too many revocations", null, false, RETRY_MS);
    }
    until.merge(revocation.text(), revocation.untilMs(), Math::max);
  }
}
