package io.edgepush.service.redis;

import io.edgepush.backplane.Backplane;
import io.edgepush.model.Event;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import java.lang.System.Logger.Level;

/**
 * Calls the listener for a partition and keeps account of it; for the thread of its {@link
 * PartitionFeed}.
 */
final class Delivery {
  private static final System.Logger LOG = System.getLogger(Delivery.class.getName());

  private final int partition;
  private final Backplane.Listener listener;
  private final RedisCounters counters;

  Delivery(int partition, Backplane.Listener listener, RedisCounters counters) {
    this.partition = partition;
    this.listener = listener;
    this.counters = counters;
  }

  int partition() {
    return partition;
  }

  RedisCounters counters() {
    return counters;
  }

  void event(Attachment to, Event event) {
    to.verify(event.position());
    call(() -> listener.onEvent(event));
  }

  /** Announces that what lies behind the verified position, up to here, does not come. */
  void gap(Attachment to, Position upTo) {
    Gap gap = Gap.between(to.topic(), partition, to.verified().orElseThrow(), upTo);
    to.verify(upTo);
    counters.gaps.increment();
    call(() -> listener.onGap(gap));
  }

  private static void call(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the backplane's listener failed", e);
    }
  }
}
