package io.edgepush.service.faults;

import io.edgepush.hub.client.Message;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.HttpSocket;
import io.edgepush.service.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A subscriber that wants its events whatever happens: when its connection ends, or brings nothing
 * for too long, it connects to the next node and goes on with its cursor. Methods are safe for any
 * thread.
 */
final class Client implements AutoCloseable {
  private static final long LEAST_BACKOFF_MS = 50;
  private static final int MOST_DOUBLINGS = 4;

  private final Wire wire;
  private final List<Topic> topics;
  private final Nodes nodes;
  private final Duration patience;
  private final Reception reception;
  private final Map<String, Integer> ends = new ConcurrentHashMap<>();
  private final List<Return> returns = new ArrayList<>();
  private final Thread thread;
  private volatile HttpSocket socket;
  private volatile boolean closed;
  private final AtomicInteger welcomes = new AtomicInteger();
  // Of the client's thread.
  private int place;
  private int failures;
  private String reason;
  private long waitMs;
  private Asked asked;

  private record Asked(long delayMs, long at) {}

  /**
   * How it came back after it was asked to go elsewhere.
   *
   * @param delayMs how long it was asked to wait
   * @param tookMs from being asked until it was welcome again
   */
  record Return(long delayMs, long tookMs) {}

  /**
   * Begins to connect.
   *
   * @param place the number of its first node
   * @param patience a connection that brings nothing for so long is dead
   */
  Client(Wire wire, List<Topic> topics, Nodes nodes, int place, Duration patience) {
    this.wire = wire;
    this.topics = topics;
    this.nodes = nodes;
    this.place = place;
    this.patience = patience;
    this.reception = new Reception(topics, this::notice);
    this.thread = Thread.ofVirtual().name("client").start(this::run);
  }

  Reception reception() {
    return reception;
  }

  Wire wire() {
    return wire;
  }

  /** How often it was welcome on a new connection. */
  int welcomes() {
    return welcomes.get();
  }

  /** Why its connections ended, and how often. */
  Map<String, Integer> ends() {
    return Map.copyOf(ends);
  }

  /** How it came back when it was asked to go. */
  synchronized List<Return> returns() {
    return List.copyOf(returns);
  }

  private void run() {
    while (!closed) {
      reason = "";
      waitMs = -1;
      try (HttpSocket open = new HttpSocket(nodes.publicPort(place), 0)) {
        socket = open;
        open.patience(patience);
        reception.connected();
        new ClientConnection(wire, open, reception).run(Ask.of(topics));
      } catch (IOException e) {
        reason = reason.isEmpty() ? e.getClass().getSimpleName() : reason;
      }
      if (!closed) {
        ends.merge(reason, 1, Integer::sum);
        place++;
        pause();
      }
    }
  }

  /** What came that is no event and no gap; on the client's thread. */
  private void notice(Message.Notice notice) {
    switch (notice.type()) {
      case "welcome" -> welcome();
      case "reconnect" -> {
        waitMs = notice.number("delayMs");
        asked = new Asked(waitMs, System.nanoTime());
      }
      case "refused" -> {
        reason = "refused " + notice.number("status");
        waitMs = notice.number("retryAfterMs");
      }
      case "ws-close" -> reason = "close " + notice.number("code");
      case "error" -> reason = "error " + notice.members().get("code");
      default -> {}
    }
  }

  private void welcome() {
    welcomes.incrementAndGet();
    failures = 0;
    if (asked != null) {
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked.at());
      synchronized (this) {
        returns.add(new Return(asked.delayMs(), took));
      }
      asked = null;
    }
  }

  /** As long as it was asked to, else longer each time it fails, and never as all others do. */
  private void pause() {
    long most = LEAST_BACKOFF_MS << Math.min(failures++, MOST_DOUBLINGS);
    long ms = waitMs >= 0 ? waitMs : 1 + ThreadLocalRandom.current().nextLong(most);
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
    for (long left = until - System.nanoTime();
        left > 0 && !closed;
        left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public String toString() {
    return wire + ", welcome " + welcomes + " times, ends " + ends + ", at " + reception.cursor();
  }

  /** Ends its connection by a reset; it comes back. */
  void cut() {
    HttpSocket open = socket;
    if (open != null) {
      open.reset();
    }
  }

  /** Ends it, and waits for that. */
  @Override
  public void close() {
    closed = true;
    HttpSocket open = socket;
    if (open != null) {
      open.close();
    }
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
