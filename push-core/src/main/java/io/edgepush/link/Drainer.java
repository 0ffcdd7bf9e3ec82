package io.edgepush.link;

import io.edgepush.hub.FrameBatch;
import io.edgepush.hub.Outbox;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * A platform thread that sweeps the outboxes that have something to write, and writes all of it,
 * bounded by the size of a batch so that none delays the others. Outboxes come from any thread,
 * without a lock: the list of those that are ready is linked through the outboxes themselves.
 */
final class Drainer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Drainer.class.getName());
  private static final int BATCH_BYTES = 64 * 1024;

  /** Ready outboxes, the one that came last first. */
  private final AtomicReference<Outbox> ready = new AtomicReference<>();

  private final LongConsumer deliveryLatencyMs;
  private final Thread thread;
  private volatile boolean parked;
  private volatile boolean running = true;

  Drainer(String name, LongConsumer deliveryLatencyMs) {
    this.deliveryLatencyMs = deliveryLatencyMs;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Takes note of an outbox that has something to write. */
  void accept(Outbox outbox) {
    Outbox head;
    do {
      head = ready.get();
      outbox.nextReady(head);
    } while (!ready.compareAndSet(head, outbox));
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    FrameBatch batch = new FrameBatch(BATCH_BYTES);
    while (running) {
      Outbox list = ready.getAndSet(null);
      if (list == null) {
        park();
      } else {
        sweep(inOrder(list), batch);
      }
    }
  }

  private void park() {
    parked = true;
    if (ready.get() == null && running) {
      LockSupport.park(this);
    }
    parked = false;
  }

  /** Turns the list around: who came first is served first. */
  private static Outbox inOrder(Outbox newestFirst) {
    Outbox oldest = null;
    for (Outbox o = newestFirst; o != null; ) {
      Outbox next = o.nextReady();
      o.nextReady(oldest);
      oldest = o;
      o = next;
    }
    return oldest;
  }

  private void sweep(Outbox list, FrameBatch batch) {
    for (Outbox o = list; o != null; ) {
      Outbox next = o.nextReady();
      o.nextReady(null); // before it is drained: from then on it may be listed again
      try {
        if (o.drain(batch)) {
          accept(o);
        }
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "an outbox could not be drained", e);
      }
      o = next;
    }
    batch
        .takeNewestEvent()
        .ifPresent(
            id ->
                deliveryLatencyMs.accept(
                    Math.max(0, System.currentTimeMillis() - id.position().ms())));
  }

  @Override
  public void close() {
    running = false;
    LockSupport.unpark(thread);
  }
}
