package io.edgepush.service.faults;

import io.edgepush.model.Topic;
import io.edgepush.service.testing.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Clients that subscribe topics of which many exist, and leave after a second or a few. */
final class Churn implements AutoCloseable {
  private static final int TOPICS = 500;
  private static final int AT_A_TIME = 20;
  private static final int EVENTS_PER_SECOND = 200;
  private static final long MOST_MS = 3_000;

  private final List<Topic> topics =
      IntStream.range(0, TOPICS).mapToObj(i -> new Topic("churn." + i)).toList();
  private final List<Thread> threads = new ArrayList<>();
  private final Nodes nodes;
  private final Press press;
  private volatile boolean closed;

  Churn(Nodes nodes) {
    this.nodes = nodes;
    this.press =
        new Press(new Ledger(), topics, nodes, EVENTS_PER_SECOND, System.nanoTime()).start();
    for (int i = 0; i < AT_A_TIME; i++) {
      threads.add(Thread.ofVirtual().name("churn").start(this::comeAndGo));
    }
  }

  private void comeAndGo() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    while (!closed) {
      Wire wire = Wire.values()[random.nextInt(Wire.values().length)];
      List<Topic> some = random.ints(5, 0, TOPICS).distinct().mapToObj(topics::get).toList();
      try (Client _ = new Client(wire, some, nodes, random.nextInt(2), Duration.ofMinutes(1))) {
        LockSupport.parkNanos(Duration.ofMillis(random.nextLong(MOST_MS)).toNanos());
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(LockSupport::unpark);
    press.close();
  }
}
