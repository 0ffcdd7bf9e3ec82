package io.edgepush.service.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * One connection of a {@link Subscriber}. The server answers SSUBSCRIBE and SUNSUBSCRIBE in order,
 * once for each channel or with one error that names none, so what was sent is remembered in order.
 */
final class SubscriberLink {
  private static final byte[] SUBSCRIBE = Keys.bytes("SSUBSCRIBE");
  private static final byte[] UNSUBSCRIBE = Keys.bytes("SUNSUBSCRIBE");
  private static final byte[] PING = Keys.bytes("PING");
  private static final int MOST_CHANNELS = 100;

  /** A channel to be subscribed or unsubscribed, perhaps in a command of its own. */
  record Change(boolean subscribe, int partition, String channel, long ticket, boolean alone) {
    Change(boolean subscribe, int partition, String channel, long ticket) {
      this(subscribe, partition, channel, ticket, false);
    }

    Change byItself() {
      return new Change(subscribe, partition, channel, ticket, true);
    }

    boolean fits(Change other) {
      return subscribe == other.subscribe && partition == other.partition && !alone && !other.alone;
    }
  }

  private final RedisConnection connection;
  private final Subscriber subscriber;
  private final Channels channels;
  private final long heartbeatNanos;
  private final Queue<Change> changes = new ConcurrentLinkedQueue<>();
  private final Queue<List<Change>> sent = new ConcurrentLinkedQueue<>();
  private final Waiter writer = new Waiter();
  private volatile Throwable end;
  private int answered;

  SubscriberLink(
      RedisConnection connection, Subscriber subscriber, Channels channels, Duration heartbeat) {
    this.connection = connection;
    this.subscriber = subscriber;
    this.channels = channels;
    this.heartbeatNanos = heartbeat.toNanos();
  }

  /** Has a change sent. For any thread. */
  void change(Change change) {
    changes.add(change);
    writer.wake();
  }

  /** Sends and receives until the connection ends. */
  void serve() {
    Thread sender = Thread.ofVirtual().name("redis-subscribe-writer").start(this::write);
    while (end == null) {
      try {
        receive(connection.read());
      } catch (JedisDataException e) {
        refused(e);
      } catch (RuntimeException e) {
        end(e);
      }
    }
    Threads.join(sender);
  }

  private void write() {
    try {
      long pingAt = System.nanoTime() + heartbeatNanos;
      Change kept = null;
      while (end == null) {
        Change first = kept == null ? changes.poll() : kept;
        if (first != null) {
          kept = send(first);
          continue;
        }
        connection.send();
        long wait = pingAt - System.nanoTime();
        if (wait <= 0) {
          connection.write(PING);
          pingAt = System.nanoTime() + heartbeatNanos;
        } else {
          writer.await(() -> end != null || !changes.isEmpty(), wait);
        }
      }
    } catch (IOException | RuntimeException e) {
      end(e);
    }
  }

  /**
   * Appends a command for a change and those behind it that fit; returns the first that does not,
   * or null.
   */
  private Change send(Change first) throws IOException {
    List<Change> batch = new ArrayList<>();
    batch.add(first);
    Change next = changes.poll();
    while (next != null && batch.size() < MOST_CHANNELS && next.fits(first)) {
      batch.add(next);
      next = changes.poll();
    }
    send(batch);
    return next;
  }

  private void send(List<Change> batch) throws IOException {
    byte[][] arguments = new byte[batch.size() + 1][];
    arguments[0] = batch.getFirst().subscribe() ? SUBSCRIBE : UNSUBSCRIBE;
    for (int i = 0; i < batch.size(); i++) {
      arguments[i + 1] = Keys.bytes(batch.get(i).channel());
    }
    sent.add(batch);
    connection.write(arguments);
  }

  /** Messages, answers and PONGs; the latter are lists or not, by protocol version. */
  private void receive(Object reply) {
    if (reply instanceof List<?> parts
        && parts.size() == 3
        && parts.get(0) instanceof byte[] kind) {
      String channel = new String((byte[]) parts.get(1), StandardCharsets.UTF_8);
      switch (kind.length) {
        case 8 -> channels.message(subscriber, channel, (byte[]) parts.get(2));
        case 10 -> subscribed(channel);
        case 12 -> unsubscribed(channel);
        default -> {}
      }
    }
  }

  private void subscribed(String channel) {
    List<Change> batch = sent.peek();
    if (batch != null && batch.getFirst().subscribe()) {
      channels.subscribed(subscriber, channel, batch.get(answered).ticket());
      count(batch);
    }
  }

  private void unsubscribed(String channel) {
    List<Change> batch = sent.peek();
    if (batch != null
        && !batch.getFirst().subscribe()
        && batch.get(answered).channel().equals(channel)) {
      count(batch);
    } else if (!channels.unsubscribed(subscriber, channel)) {
      end(new IllegalStateException("the server unsubscribed this node's channel"));
    }
  }

  private void count(List<Change> batch) {
    answered++;
    if (answered == batch.size()) {
      sent.remove();
      answered = 0;
    }
  }

  /**
   * An error to the first command without answer; which of its channels is at fault shows when each
   * is sent alone.
   */
  private void refused(JedisDataException error) {
    Optional<Detour> detour = subscriber.detour(error);
    if (detour.isPresent()) {
      // The partition lives elsewhere. It is not known how many replies there were to what was
      // sent: when a slot leaves, the server unsubscribes its channels by itself.
      end(detour.get().why());
      return;
    }
    List<Change> batch = sent.poll();
    answered = 0;
    if (batch == null) {
      return;
    }
    if (batch.size() > 1) {
      batch.forEach(change -> change(change.byItself()));
    } else if (batch.getFirst().subscribe()) {
      channels.refused(
          subscriber, batch.getFirst().channel(), batch.getFirst().ticket(), Faults.refused(error));
    }
  }

  /** Ends the connection. For any thread; the first reason counts. */
  void end(Throwable why) {
    if (end == null) {
      end = why;
    }
    connection.end();
    writer.wake();
  }

  /** Why it ended. */
  Throwable reason() {
    return end;
  }
}
