package io.edgepush.link;

import io.edgepush.hub.Outbox;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The outboxes that have something to write, on their way from any thread to the one that drains.
 * Without a lock and without an allocation: the list is linked through the outboxes, so an outbox
 * is in it at most once ({@link Outbox} sees to that).
 */
final class ReadyList {
  /** The one that came last first. */
  private final AtomicReference<Outbox> newest = new AtomicReference<>();

  private volatile boolean idle;

  /**
   * Adds an outbox. For any thread.
   *
   * @return whether the thread that drains has said that it rests: it has to be woken. Of many who
   *     add while it wakes up few are told so
   */
  boolean add(Outbox outbox) {
    Outbox head;
    do {
      head = newest.get();
      outbox.nextReady(head);
    } while (!newest.compareAndSet(head, outbox));
    boolean wake = idle;
    if (wake) {
      idle = false; // whoever sees this need not wake it, for we are about to
    }
    return wake;
  }

  /** Takes all, the one that came first first, linked; null when there are none. */
  Outbox takeAll() {
    Outbox oldest = null;
    for (Outbox o = newest.getAndSet(null); o != null; ) {
      Outbox next = o.nextReady();
      o.nextReady(oldest);
      oldest = o;
      o = next;
    }
    return oldest;
  }

  /**
   * The thread that drains is about to rest: from now on {@link #add} tells that it has to be
   * woken.
   *
   * @return whether it may rest; false when something was added before
   */
  boolean rest() {
    idle = true;
    return newest.get() == null;
  }

  /** It rests no more. */
  void restless() {
    idle = false;
  }
}
