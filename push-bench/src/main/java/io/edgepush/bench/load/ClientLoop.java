package io.edgepush.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A thread that opens and reads its share of the subscribers. Methods are safe for any thread. */
public final class ClientLoop implements AutoCloseable {
  private static final long ROUND_MS = 50;

  private final Selector selector;
  private final Counts counts = new Counts();
  private final Readings readings = new Readings();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Queue<Connection> toOpen = new ArrayDeque<>();
  private final Thread thread;
  private Schedule openings = new Schedule(System.nanoTime(), 0);
  private long opened;
  private volatile boolean closed;

  /** Starts the thread. */
  public ClientLoop(String name) {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = Thread.ofPlatform().daemon().name(name).start(this::run);
  }

  /** What it has counted. */
  public Counts counts() {
    return counts;
  }

  /** Opens connections by a schedule, those that are open anew, with the cursor they have. */
  void open(List<Connection> connections, Schedule schedule) {
    submit(
        () -> {
          connections.forEach(Connection::close);
          toOpen.addAll(connections);
          openings = schedule;
          opened = 0;
        });
  }

  private void submit(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  /** Waits until everything that was asked before is done, and the counts are up to date. */
  public void sync() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    submit(
        () -> {
          counts.publish();
          done.complete(null);
        });
    done.join();
  }

  private void run() {
    try (selector) {
      while (!closed) {
        selector.select(this::ready, toOpen.isEmpty() ? ROUND_MS : 1);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        openDue();
        counts.publish();
      }
      selector.keys().forEach(key -> ((Connection) key.attachment()).close());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void openDue() {
    long now = System.nanoTime();
    while (!toOpen.isEmpty() && openings.isDue(opened, now)) {
      Connection connection = toOpen.remove();
      try {
        connection.open(selector, openings.due(opened++));
      } catch (IOException e) {
        connection.close();
        counts.trouble(String.valueOf(e.getMessage()));
        counts.refused++;
      }
    }
  }

  private void ready(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    try {
      connection.ready(readings);
      if (!key.isValid()) {
        throw new IOException("ended by the other side");
      }
    } catch (IOException e) {
      failed(connection, e);
    }
  }

  private void failed(Connection connection, IOException e) {
    boolean subscribed = connection.isSubscribed();
    if (connection.close()) {
      counts.trouble(String.valueOf(e.getMessage()));
      if (subscribed) {
        counts.ended++;
      } else {
        counts.refused++;
      }
    }
  }

  /** Closes all connections and ends the thread; ledgers may be read by the caller afterwards. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
