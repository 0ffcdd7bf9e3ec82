package io.edgepush.service.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.edgepush.hub.client.Ledger;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.RedisServer;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.TestNode;
import io.edgepush.service.testing.WebSocketSubscriber;
import io.edgepush.service.testing.Wire;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ChurnTest {
  @RegisterExtension static final RedisServer REDIS = new RedisServer();

  private static final int SUBSCRIBERS = 100;
  private static final int CHURNERS = 10;
  private static final Duration TIME = Duration.ofSeconds(10);
  private static final Duration WARM_UP = Duration.ofSeconds(1);
  private static final long HEAP_SLACK = 24L << 20;
  private static final Pattern OF_CONNECTIONS = Pattern.compile("\"(edge|ws|end)-\\d+\"");
  private static final List<Topic> STEADY = topics("steady", 20);
  private static final List<Topic> CHURNING = topics("churning", 50);

  @TempDir Path directory;

  @Test
  void countsAreEqualAndNothingIsLeftBehindWhenTopicsChurnUnderLoad() throws IOException {
    try (TestNode node =
        TestNode.start(
            REDIS,
            "churn",
            "--linger=50ms",
            "--outbox-bytes=268435456",
            "--retention-events=1000000",
            "--retention-bytes=1073741824")) {
      load(node, WARM_UP);
      awaitNothingLeft(node);
      int threads = ManagementFactory.getThreadMXBean().getThreadCount();
      long heap = heapInUse();

      int published = load(node, TIME);

      assertTrue(published > SUBSCRIBERS, "only " + published + " events in " + TIME);
      awaitNothingLeft(node);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> ManagementFactory.getThreadMXBean().getThreadCount() <= threads + 4);
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> heapInUse() <= heap + HEAP_SLACK);
    }
  }

  /**
   * Publishes as fast as it goes, and checks what each subscriber got; returns how much was
   * published.
   */
  private static int load(TestNode node, Duration time) {
    Ledger ledger = new Ledger();
    List<Subscriber> subscribers = new ArrayList<>();
    for (int i = 0; i < SUBSCRIBERS; i++) {
      Wire wire = Wire.values()[i % Wire.values().length];
      subscribers.add(wire.subscribe(node, Ask.of(STEADY.get(i % STEADY.size()))));
    }
    long end = System.nanoTime() + time.toNanos();
    List<Thread> threads = new ArrayList<>();
    AtomicInteger failures = new AtomicInteger();
    Thread.Builder builder =
        Thread.ofVirtual()
            .uncaughtExceptionHandler(
                (_, e) -> {
                  failures.incrementAndGet();
                  throw new AssertionError(e);
                });
    threads.add(builder.start(() -> publish(new Publisher(node, ledger), end)));
    for (int i = 0; i < CHURNERS; i++) {
      threads.add(builder.start(() -> churn(node, end)));
    }
    threads.forEach(ChurnTest::join);
    assertEquals(0, failures.get());
    for (int i = 0; i < SUBSCRIBERS; i++) {
      Topic topic = STEADY.get(i % STEADY.size());
      int expected = ledger.ids(topic).size();
      try (Subscriber subscriber = subscribers.get(i)) {
        subscriber.awaitEvents(expected);
        assertEquals(
            expected
                + " published, "
                + expected
                + " delivered, 0 lost, 0 twice, 0 out of order, 0 gaps announced",
            ledger.account(subscriber.view(), ledger.all(List.of(topic))).sentence());
      }
    }
    return ledger.published();
  }

  private static void publish(Publisher publisher, long end) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    while (System.nanoTime() < end) {
      publisher.publish(
          IntStream.range(0, 20)
              .mapToObj(i -> i % 4 == 0 ? pick(CHURNING, random) : pick(STEADY, random))
              .toList());
    }
  }

  /** A WebSocket that adds and removes topics all the time, and now and then begins anew. */
  private static void churn(TestNode node, long end) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    while (System.nanoTime() < end) {
      try (WebSocketSubscriber socket =
          (WebSocketSubscriber) Wire.WEBSOCKET.connect(node, Ask.of()).awaitNotice("welcome")) {
        for (int i = 0; i < 20 && System.nanoTime() < end; i++) {
          String topics =
              "\"topics\":[\"" + pick(CHURNING, random) + "\",\"" + pick(CHURNING, random) + "\"]}";
          socket.send("{\"type\":\"subscribe\",\"ref\":" + i + "," + topics);
          socket.awaitNotice("subscribed");
          socket.send("{\"type\":\"unsubscribe\",\"ref\":" + i + "," + topics);
          socket.awaitNotice("unsubscribed");
        }
      }
    }
  }

  private void awaitNothingLeft(TestNode node) {
    await().atMost(Duration.ofSeconds(30)).until(() -> node.hub().sessions().isEmpty());
    List<Topic> all = new ArrayList<>(STEADY);
    all.addAll(CHURNING);
    node.awaitSubscribers(0, all);
    await().atMost(Duration.ofSeconds(30)).until(() -> connectionThreads() == 0);
  }

  /** Virtual threads that serve connections: only a dump of all threads has them. */
  private long connectionThreads() throws IOException {
    Path dump = directory.resolve("threads-" + System.nanoTime() + ".txt");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
    try (var lines = Files.lines(dump)) {
      return lines.filter(line -> OF_CONNECTIONS.matcher(line).find()).count();
    } finally {
      Files.delete(dump);
    }
  }

  private static long heapInUse() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static <T> T pick(List<T> list, ThreadLocalRandom random) {
    return list.get(random.nextInt(list.size()));
  }

  private static List<Topic> topics(String name, int count) {
    return IntStream.range(0, count).mapToObj(i -> new Topic(name + "." + i)).toList();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
