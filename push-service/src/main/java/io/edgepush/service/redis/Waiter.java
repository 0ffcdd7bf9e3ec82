package io.edgepush.service.redis;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Lets one thread sleep until others have work for it; waking one that is awake costs a volatile
 * read.
 */
final class Waiter {
  private final AtomicBoolean asleep = new AtomicBoolean();
  private volatile Thread sleeper;

  /**
   * Sleeps unless there is work, until woken or the time is over. May return early. For one thread.
   */
  void await(BooleanSupplier work, long nanos) {
    sleeper = Thread.currentThread();
    asleep.set(true);
    if (!work.getAsBoolean()) {
      LockSupport.parkNanos(this, nanos);
    }
    asleep.set(false);
  }

  /** Wakes the sleeper if it sleeps. Call it after the work was made visible. */
  void wake() {
    if (asleep.get() && asleep.compareAndSet(true, false)) {
      LockSupport.unpark(sleeper);
    }
  }
}
