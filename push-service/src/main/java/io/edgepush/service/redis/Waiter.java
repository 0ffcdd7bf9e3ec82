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

  /** Sleeps unless there is work, until woken. May return early. For one thread. */
  void await(BooleanSupplier work) {
    begin();
    if (!work.getAsBoolean()) {
      // Not a very long timed wait: on a virtual thread each of those sets a timer.
      LockSupport.park(this);
    }
    asleep.set(false);
  }

  /** The same, but no longer than a time. */
  void await(BooleanSupplier work, long nanos) {
    begin();
    if (!work.getAsBoolean()) {
      LockSupport.parkNanos(this, nanos);
    }
    asleep.set(false);
  }

  private void begin() {
    sleeper = Thread.currentThread();
    asleep.set(true);
  }

  /** Wakes the sleeper if it sleeps. Call it after the work was made visible. */
  void wake() {
    if (asleep.get() && asleep.compareAndSet(true, false)) {
      LockSupport.unpark(sleeper);
    }
  }
}
