package io.edgepush.service.edge;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * Starts virtual threads in order, few at a time: virtual threads wait for a processor in one line,
 * and thousands of new connections must not stand there before those who publish. Nothing is slower
 * for it, as each that begins to run starts the next. Safe for any thread; nothing blocks.
 */
final class Starter {
  private static final int FOR_EACH_PROCESSOR = 2;

  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final Semaphore room =
      new Semaphore(FOR_EACH_PROCESSOR * Runtime.getRuntime().availableProcessors());
  private final String name;

  /**
   * A starter.
   *
   * @param name of its threads
   */
  Starter(String name) {
    this.name = name;
  }

  /** Runs a task on a thread of its own, when it is its turn. */
  void start(Runnable task) {
    waiting.add(task);
    startNext();
  }

  private void startNext() {
    while (!waiting.isEmpty() && room.tryAcquire()) {
      Runnable task = waiting.poll();
      if (task == null) {
        room.release(); // and looks again: one may have come that found no room
      } else {
        begin(task);
      }
    }
  }

  private void begin(Runnable task) {
    try {
      Thread.ofVirtual()
          .name(name)
          .start(
              () -> {
                room.release();
                startNext();
                task.run();
              });
    } catch (RuntimeException | OutOfMemoryError e) {
      room.release();
      throw e;
    }
  }
}
