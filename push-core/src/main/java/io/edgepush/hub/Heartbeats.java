package io.edgepush.hub;

import io.edgepush.wire.CloseReason;
import io.edgepush.wire.ServerMessage;
import io.edgepush.wire.WireFormat;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The hub's clock: sends heartbeats, ends sessions that fell silent, and cuts connections that do
 * not end by themselves. Each tick serves one slice of the sessions, so that heartbeats are spread
 * over the interval.
 */
final class Heartbeats {
  private static final System.Logger LOG = System.getLogger(Heartbeats.class.getName());
  private static final int SLICES = 16;
  private static final Duration GRACE = Duration.ofSeconds(5);

  private record Ending(Session session, CloseReason reason, long deadlineNanos) {}

  private final Hub hub;
  private final Duration interval;
  private final ScheduledExecutorService timer;
  private final Queue<Ending> endings = new ConcurrentLinkedQueue<>();
  private int slice;

  /** Negative before the hub drains. */
  private volatile Duration drainWindow = Duration.ofMillis(-1);

  Heartbeats(Hub hub, Duration interval, ScheduledExecutorService timer) {
    this.hub = hub;
    this.interval = interval;
    this.timer = timer;
  }

  void start() {
    long tick = Math.max(1, interval.toMillis() / SLICES);
    var _ = timer.scheduleAtFixedRate(this::tick, tick, tick, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    try {
      slice = (slice + 1) % SLICES;
      for (Session session : hub.sessions()) {
        if ((session.hashCode() & SLICES - 1) == slice
            && session.isWelcomed()
            && session.format() != WireFormat.POLL) {
          beat(session);
        }
      }
      cutOverdue();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "heartbeats failed", e);
    }
  }

  private void beat(Session session) {
    if (session.format().answersPings()
        && session.silence().compareTo(interval.multipliedBy(2)) > 0) {
      session.end(CloseReason.TIMEOUT);
    } else {
      hub.heartbeat(session);
    }
  }

  /** Logs the end of a session and sees to it that its connection ends too. */
  void ending(Session session, CloseReason reason) {
    endings.add(new Ending(session, reason, System.nanoTime() + GRACE.toNanos()));
    boolean answered = session.format() == WireFormat.POLL && reason == CloseReason.NORMAL;
    LOG.log(
        answered ? System.Logger.Level.DEBUG : System.Logger.Level.INFO,
        "session {0} ended: {1}, transport {2}, subject {3}, peer {4}, after {5} ms",
        session.id(),
        reason.slug(),
        session.format().transport(),
        session.principal().name(),
        session.peer(),
        Long.toString(session.age().toMillis()));
  }

  private void cutOverdue() {
    long now = System.nanoTime();
    for (Ending head = endings.peek();
        head != null && now - head.deadlineNanos() > 0;
        head = endings.peek()) {
      endings.remove();
      head.session().outbox().transport().close(CloseReason.GONE);
    }
  }

  void drain(Duration window) {
    drainWindow = window;
    hub.sessions().forEach(this::dismiss);
  }

  /** A session that is opened while the hub drains comes too late for {@link #drain}. */
  void opened(Session session) {
    if (!drainWindow.isNegative()) {
      dismiss(session);
    }
  }

  private void dismiss(Session session) {
    if (session.isWelcomed()) {
      session.send(new ServerMessage.Reconnect(returnDelay().toMillis(), CloseReason.DRAIN));
    }
    session.end(CloseReason.DRAIN);
  }

  Duration returnDelay() {
    long bound = Math.max(1, drainWindow.toMillis());
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(bound));
  }
}
