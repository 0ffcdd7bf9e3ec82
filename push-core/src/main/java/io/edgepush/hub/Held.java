package io.edgepush.hub;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Live deliveries of one partition that wait until a session's replay is done, bounded in bytes.
 * Guarded by the partition's lock.
 */
final class Held {
  private final Queue<Runnable> deliveries = new ArrayDeque<>();
  private final long maxBytes;
  private long bytes;

  Held(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Keeps a delivery for later.
   *
   * @return false when the bound is reached: the session can not go live any more
   */
  boolean add(int size, Runnable delivery) {
    bytes += (long) size + Outbox.OVERHEAD;
    if (bytes > maxBytes) {
      deliveries.clear();
      return false;
    }
    deliveries.add(delivery);
    return true;
  }

  /** Carries out what waited, in order. */
  void release() {
    for (Runnable delivery = deliveries.poll(); delivery != null; delivery = deliveries.poll()) {
      delivery.run();
    }
  }
}
