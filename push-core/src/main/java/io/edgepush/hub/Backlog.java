package io.edgepush.hub;

import io.edgepush.model.Event;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.Frame;
import io.edgepush.wire.ServerMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Stands before the outbox of a connection that is too slow or over its rate. While anything waits
 * here, all that is for the connection waits behind it, so that its order holds and no cursor runs
 * ahead; events of topics whose policy permits it are skipped, and gaps tell of them. It exists
 * only once it is needed. Its monitor guards everything but the rate; under it frames are appended
 * to the outbox, and nothing waits.
 */
final class Backlog {
  /** More conflation keys than this in one sampling period share their period. */
  private static final int MOST_SAMPLED_KEYS = 1_024;

  private static final long MOST_WAIT_NANOS = 1_000_000_000L;
  private static final long LEAST_WAIT_NANOS = 1_000_000L;

  private final Session session;
  private final Outbox outbox;
  private final Limits limits;
  private final HubStatistics statistics;
  private final ScheduledExecutorService timer;
  private final WaitingFrames waiting = new WaitingFrames();
  private final Map<Object, Long> sampledUntil = new HashMap<>();
  private final long maxBytes;
  private volatile LongSupplier rate = Limits.UNLIMITED;
  private long barrier;
  private boolean scheduled;
  private boolean closed;

  Backlog(
      Session session,
      Limits limits,
      HubStatistics statistics,
      ScheduledExecutorService timer,
      long maxBytes) {
    this.session = session;
    this.outbox = session.outbox();
    this.limits = limits;
    this.statistics = statistics;
    this.timer = timer;
    this.maxBytes = maxBytes;
  }

  /** Sets the rate from now on. */
  synchronized void rate(LongSupplier permits) {
    rate = permits;
    raise(Outbox.PACED, permits != Limits.UNLIMITED);
  }

  /** Waits for a permit; for a replay, which may take its time. */
  void awaitPermit() {
    for (long wait = rate.getAsLong(); wait > 0; wait = rate.getAsLong()) {
      if (outbox.isClosing() || Thread.currentThread().isInterrupted()) {
        return;
      }
      outbox.uncork(); // what is there already, the handshake among it, does not wait for the rate
      LockSupport.parkNanos(this, Math.min(wait, MOST_WAIT_NANOS));
    }
  }

  /** Takes a frame that is no event. */
  synchronized void add(Frame frame) {
    if (closed) {
      return;
    }
    waiting.add(frame);
    settle();
  }

  /** Takes an event of a replay, which has its permit. */
  synchronized void addPermitted(Frame frame, Event event) {
    if (!closed) {
      waiting.add(frame, event, Overflow.DISCONNECT, true);
      settle();
    }
  }

  /**
   * Takes a live event.
   *
   * @param patient whether it may wait for the rate though its policy is to disconnect: it was held
   *     back by us
   */
  synchronized void add(Frame frame, Event event, Overflow overflow, boolean patient) {
    if (closed) {
      return;
    }
    boolean direct = overflow.disconnects() && waiting.first() == null && !patient;
    if (direct) {
      if (rate.getAsLong() > 0) {
        limits.overRate();
        session.end(CloseReason.DELIVERY_RATE);
      } else {
        addPermitted(frame, event);
      }
      return;
    }
    count(waiting.add(frame, event, overflow, false));
    settle();
  }

  private void count(int skipped) {
    statistics.skipped().add(skipped);
  }

  private void settle() {
    raise(Outbox.BACKLOG, true);
    flush();
    while (waiting.bytes() > maxBytes) {
      if (!waiting.skipOldest()) {
        session.end(CloseReason.SLOW_CONSUMER);
        return;
      }
      count(1);
    }
  }

  /** Appends to the outbox what may go. Called when there is room, or when it is time. */
  synchronized void flush() {
    for (var entry = waiting.firstToDeliver(); entry != null; entry = waiting.firstToDeliver()) {
      if (closed || !outbox.isHalfFree()) {
        return; // the outbox tells when there is room
      }
      if (entry.event() != null && !session.isReachedBy(entry.event())) {
        waiting.remove(entry); // it has expired: as if it had never been
        continue;
      }
      long wait = waitFor(entry);
      if (wait > 0) {
        schedule(wait);
        return;
      }
      if (!sendUpTo(entry)) {
        return;
      }
    }
    if (sendUpTo(null)) {
      raise(Outbox.BACKLOG, false);
    }
  }

  /** Gaps go out with what comes behind them, so that one tells of many. */
  private boolean sendUpTo(WaitingFrames.Entry entry) {
    boolean done = waiting.first() == null;
    while (!done) {
      WaitingFrames.Entry next = waiting.first();
      if (!outbox.append(frame(next), barrier)) {
        session.end(CloseReason.SLOW_CONSUMER);
        return false;
      }
      waiting.removeFirst();
      done = next == entry || waiting.first() == null;
    }
    return true;
  }

  private Frame frame(WaitingFrames.Entry entry) {
    return entry
        .gap()
        .map(
            gap -> {
              statistics.gaps().increment();
              return session.format().encode(new ServerMessage.Gap(gap));
            })
        .orElseGet(entry::frame);
  }

  private long waitFor(WaitingFrames.Entry entry) {
    long now = System.nanoTime();
    Object key = entry.sampled() ? sampleKey(entry.event(), now) : null;
    if (key != null) {
      Long until = sampledUntil.get(key);
      if (until != null && until - now > 0) {
        return until - now;
      }
    }
    if (entry.needsPermit()) {
      long wait = rate.getAsLong();
      if (wait > 0) {
        limits.overRate();
        return wait;
      }
    }
    if (key != null) {
      sampledUntil.put(key, now + entry.overflow().samplePeriodNanos());
    }
    return 0;
  }

  private Object sampleKey(Event event, long now) {
    if (sampledUntil.size() >= MOST_SAMPLED_KEYS) {
      sampledUntil.values().removeIf(until -> until - now <= 0);
    }
    Object key = WaitingFrames.slot(event);
    return sampledUntil.size() >= MOST_SAMPLED_KEYS && !sampledUntil.containsKey(key) ? "" : key;
  }

  private void schedule(long nanos) {
    if (!scheduled) {
      scheduled = true;
      var _ = timer.schedule(this::onTime, Math.max(LEAST_WAIT_NANOS, nanos), TimeUnit.NANOSECONDS);
    }
  }

  private synchronized void onTime() {
    scheduled = false;
    flush();
  }

  private void raise(long bit, boolean up) {
    if (((barrier & bit) != 0) != up) {
      barrier ^= bit;
      outbox.barrier(up ? bit : -bit, (barrier & Outbox.BACKLOG) != 0 ? this::flush : null);
    }
  }

  /** About how many bytes wait. */
  synchronized long bytes() {
    return waiting.bytes();
  }

  /** Forgets everything: the connection ends. */
  synchronized void close() {
    closed = true;
    while (waiting.first() != null) {
      waiting.removeFirst();
    }
  }
}
