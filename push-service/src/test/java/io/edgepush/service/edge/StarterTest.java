package io.edgepush.service.edge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StarterTest {
  private static final int TASKS = 1_000;

  @Test
  void whoWaitsOnceItRunsKeepsNobodyFromStarting() {
    Starter starter = new Starter("test");
    CountDownLatch all = new CountDownLatch(TASKS);
    AtomicInteger through = new AtomicInteger();
    for (int i = 0; i < TASKS; i++) {
      starter.start(
          () -> {
            all.countDown();
            awaitAll(all);
            through.incrementAndGet();
          });
    }
    await().until(() -> through.get() == TASKS);
    assertEquals(0, all.getCount());
  }

  @Test
  void oneThatFailsKeepsNobodyFromStarting() {
    Starter starter = new Starter("test");
    CountDownLatch others = new CountDownLatch(TASKS);
    for (int i = 0; i < TASKS; i++) {
      starter.start(
          () -> {
            others.countDown();
            Thread.currentThread().setUncaughtExceptionHandler((_, _) -> {});
            throw new IllegalStateException("meant");
          });
    }
    await().until(() -> others.getCount() == 0);
  }

  private static void awaitAll(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
