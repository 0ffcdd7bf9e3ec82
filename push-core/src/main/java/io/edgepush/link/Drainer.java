package io.edgepush.link;

import io.edgepush.hub.FrameBatch;
import io.edgepush.hub.Outbox;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * A platform thread that sweeps the outboxes that have something to write, and writes all of it,
 * bounded by the size of a batch so that none delays the others. Outboxes come from any thread
 * through a {@link ReadyList}.
 */
final class Drainer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Drainer.class.getName());
  private static final int BATCH_BYTES = 64 * 1024;

  private final ReadyList ready = new ReadyList();
  private final LongConsumer deliveryLatencyMs;
  private final Thread thread;
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
    if (ready.add(outbox)) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    FrameBatch batch = new FrameBatch(BATCH_BYTES);
    while (running) {
      Outbox list = ready.takeAll();
      if (list == null) {
        park();
      } else {
        sweep(list, batch);
      }
    }
  }

  private void park() {
    if (ready.rest() && running) {
      LockSupport.park(this);
    }
    ready.restless();
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
