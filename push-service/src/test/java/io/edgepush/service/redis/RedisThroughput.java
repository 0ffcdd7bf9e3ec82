package io.edgepush.service.redis;

import io.edgepush.backplane.Backplane;
import io.edgepush.model.Content;
import io.edgepush.model.Event;
import io.edgepush.model.Gap;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.RedisServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Prints how many events a second one node publishes, each with a key and 200 bytes to one of 1,000
 * topics, and how long after its publish an event is heard. Run {@link #main} with the seconds to
 * measure each.
 */
final class RedisThroughput {
  private static final List<Topic> TOPICS =
      IntStream.range(0, 1_000).mapToObj(i -> new Topic("orders." + i)).toList();
  private static final Content CONTENT =
      new Content("", "", Content.Encoding.BINARY, new byte[200]);

  private final RedisServer redis;
  private final RedisBackplane backplane;
  private final long nanos;
  private volatile Runnable heard = () -> {};

  private RedisThroughput(RedisServer redis, int seconds) {
    this.redis = redis;
    this.nanos = seconds * 1_000_000_000L;
    this.backplane = new RedisBackplane(RedisConfig.of(redis.uri()), _ -> Retention.DEFAULT);
    backplane.start(
        new Backplane.Listener() {
          @Override
          public void onEvent(Event event) {
            heard.run();
          }

          @Override
          public void onGap(Gap gap) {
            throw new IllegalStateException(gap.toString());
          }
        });
  }

  /** Measures for so many seconds each, after as many to warm up. */
  public static void main(String[] arguments) throws Exception {
    int seconds = arguments.length == 0 ? 10 : Integer.parseInt(arguments[0]);
    RedisServer redis = new RedisServer();
    redis.start();
    RedisThroughput run = new RedisThroughput(redis, seconds);
    try {
      for (String kind : List.of("warm-up", "measured")) {
        System.out.println(kind);
        run.publish(256, 1);
        run.publish(32, 1);
        run.publish(4, 100);
        run.publish(16, 100);
        run.latency(1_000);
        run.latency(10_000);
      }
    } finally {
      run.backplane.close();
      redis.close();
    }
  }

  private void publish(int threads, int batch) throws InterruptedException {
    redis.flush();
    AtomicLong events = new AtomicLong();
    double serverBefore = serverCpu();
    long cpuBefore = processCpu();
    long begin = System.nanoTime();
    List<Thread> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      running.add(
          Thread.startVirtualThread(
              () -> {
                while (System.nanoTime() - begin < nanos) {
                  List<Publication> list =
                      batch == 1
                          ? List.of(publication())
                          : IntStream.range(0, batch).mapToObj(_ -> publication()).toList();
                  backplane.publish(list).forEach(stage -> stage.toCompletableFuture().join());
                  events.addAndGet(batch);
                }
              }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    long count = events.get();
    System.out.printf(
        "%d threads, batches of %d: %,.0f events/s; CPU a event: server %.1f us, JVM %.1f us%n",
        threads,
        batch,
        count * 1e9 / (System.nanoTime() - begin),
        (serverCpu() - serverBefore) * 1e6 / count,
        (processCpu() - cpuBefore) / 1e3 / count);
  }

  private void latency(int perSecond) {
    Topic topic = TOPICS.getFirst();
    backplane.attach(topic).toCompletableFuture().join();
    int count = (int) (perSecond * nanos / 1_000_000_000L);
    long[] sent = new long[count];
    long[] took = new long[count];
    AtomicLong next = new AtomicLong();
    CompletableFuture<Void> all = new CompletableFuture<>();
    heard =
        () -> {
          int i = (int) next.getAndIncrement();
          took[i] = System.nanoTime() - sent[i];
          if (i == count - 1) {
            all.complete(null);
          }
        };
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long due = begin + i * 1_000_000_000L / perSecond;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      sent[i] = System.nanoTime();
      backplane.publish(
          List.of(new Publication(topic, CONTENT, UUID.randomUUID().toString(), false)));
    }
    all.join();
    heard = () -> {};
    backplane.detach(topic);
    Arrays.sort(took);
    System.out.printf(
        "%,d/s, publish to listener: p50 %.2f ms, p99 %.2f, p99.9 %.2f%n",
        perSecond,
        took[count / 2] / 1e6,
        took[count * 99 / 100] / 1e6,
        took[count * 999 / 1_000] / 1e6);
  }

  private static Publication publication() {
    Topic topic = TOPICS.get(ThreadLocalRandom.current().nextInt(TOPICS.size()));
    return new Publication(
        topic, CONTENT, Long.toString(ThreadLocalRandom.current().nextLong(), 36), false);
  }

  private static long processCpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }

  private double serverCpu() {
    String info = (String) redis.command("INFO", "cpu");
    return info.lines()
        .filter(line -> line.startsWith("used_cpu_user:") || line.startsWith("used_cpu_sys:"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1).strip()))
        .sum();
  }
}
