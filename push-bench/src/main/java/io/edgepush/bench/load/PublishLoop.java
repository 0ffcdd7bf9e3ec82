package io.edgepush.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * A thread that publishes: by a schedule, whether or not the service keeps up, or, with a rate of
 * 0, on every connection as soon as it is answered.
 */
public final class PublishLoop implements AutoCloseable {
  private static final long LAST_ANSWERS = 5_000_000_000L;
  private static final long NAP = 50_000;
  private static final long LONG_NAP = 20_000_000;
  private static final long MILLI = 1_000_000;

  private final Selector selector;
  private final ArrayDeque<Publisher> idle;
  private final List<Publisher> publishers;
  private final int batch;
  private final int topics;
  private final double callsPerSecond;
  private final long[] seqs;
  private final SingleWriterRecorder latency = new SingleWriterRecorder(1, Counts.MAX_MICROS, 3);
  private final Thread thread;
  private final AtomicLong published = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile long behind;
  private volatile String firstTrouble = "";
  private volatile boolean stopped;

  /** Starts to publish. */
  PublishLoop(Endpoint endpoint, Template template, int lanes, int topics, double eventsPerSecond) {
    this.batch = template.markAt().length;
    this.topics = topics;
    this.callsPerSecond = eventsPerSecond / batch;
    this.seqs = new long[topics * lanes];
    this.publishers =
        IntStream.range(0, lanes)
            .mapToObj(lane -> new Publisher(endpoint, template, lane, lanes, seqs))
            .toList();
    this.idle = new ArrayDeque<>(publishers);
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = Thread.ofPlatform().daemon().name("publisher").start(this::run);
  }

  private void run() {
    Schedule schedule = new Schedule(System.nanoTime(), callsPerSecond);
    long calls = 0;
    try (selector) {
      while (!stopped) {
        long now = System.nanoTime();
        while (!idle.isEmpty() && schedule.isDue(calls, now)) {
          send(calls, callsPerSecond == 0 ? now : schedule.due(calls));
          calls++;
        }
        behind = callsPerSecond == 0 ? 0 : Math.max(0, now - schedule.due(calls));
        await(schedule.due(calls) - System.nanoTime());
      }
      long deadline = System.nanoTime() + LAST_ANSWERS;
      while (idle.size() < publishers.size() && System.nanoTime() < deadline) {
        selector.select(this::ready, 100);
      }
      publishers.forEach(Publisher::close);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void send(long call, long meant) {
    Publisher publisher = idle.remove();
    try {
      publisher.send(selector, call * batch, topics, meant);
    } catch (IOException e) {
      failed(publisher, e);
      LockSupport.parkNanos(LONG_NAP);
    }
  }

  /**
   * Sleeps until the next call is due or an answer comes; a selector alone knows milliseconds only.
   */
  private void await(long nanos) throws IOException {
    boolean asked = idle.size() < publishers.size();
    if (idle.isEmpty() || (asked && nanos > 2 * MILLI)) {
      selector.select(this::ready, idle.isEmpty() ? 100 : Math.min(100, nanos / MILLI - 1));
    } else if (asked && selector.selectNow(this::ready) == 0) {
      LockSupport.parkNanos(Math.min(nanos, NAP));
    } else if (!asked) {
      LockSupport.parkNanos(Math.min(nanos, LONG_NAP));
    }
  }

  private void ready(SelectionKey key) {
    Publisher publisher = (Publisher) key.attachment();
    try {
      if (publisher.ready()) {
        latency.recordValue(Counts.bounded((System.nanoTime() - publisher.meant()) / 1_000));
        if (publisher.succeeded()) {
          published.addAndGet(batch);
        } else {
          note(publisher);
        }
        idle.add(publisher);
      }
    } catch (IOException e) {
      failed(publisher, e);
    }
  }

  private void failed(Publisher publisher, IOException e) {
    publisher.fail(e);
    note(publisher);
    idle.add(publisher);
  }

  private void note(Publisher publisher) {
    failed.addAndGet(batch);
    if (firstTrouble.isEmpty()) {
      firstTrouble = publisher.trouble();
    }
  }

  /** Events that were stored. */
  public long published() {
    return published.get();
  }

  /** Events that were not stored, as far as the answer tells. */
  public long failed() {
    return failed.get();
  }

  /** By how many nanoseconds publishing is late. */
  public long behindNanos() {
    return behind;
  }

  /** What the first call that failed was told; empty when none failed. */
  public String firstTrouble() {
    return firstTrouble;
  }

  /** Time from when a call was meant to be made until its answer, in microseconds. */
  public SingleWriterRecorder latency() {
    return latency;
  }

  /** How many events were published, by {@code topic * lanes + lane}; after {@link #close()}. */
  public long[] perTopicAndLane() {
    return seqs.clone();
  }

  /** Publishes no more, and waits for the answers that are on their way. */
  @Override
  public void close() {
    stopped = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
