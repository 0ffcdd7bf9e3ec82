package io.edgepush.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.wire.CloseReason;
import io.edgepush.wire.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several threads append, one drains, as in the service. Frames are lines: the appender's number,
 * and a number that counts up.
 */
class OutboxConcurrencyTest {
  private static final int APPENDERS = 3;
  private static final int ROUNDS = 20;
  private static final ThreadLocal<FrameBatch> BATCH =
      ThreadLocal.withInitial(() -> new FrameBatch(3));

  private final ExecutorService threads = Executors.newFixedThreadPool(APPENDERS + 1);
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final RecordingTransport transport = RecordingTransport.into(bytes);
  private final BlockingQueue<Outbox> ready = new LinkedBlockingQueue<>();

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  private static Frame line(int appender, int number) {
    return Frame.control((appender + " " + number + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private static Frame end() {
    return Frame.control("end\n".getBytes(StandardCharsets.US_ASCII));
  }

  /** Drains whatever is handed over, until the transport was closed. */
  private Void drain() throws InterruptedException {
    FrameBatch batch = new FrameBatch(256);
    while (transport.closed().isEmpty()) {
      Outbox outbox = ready.take();
      if (outbox.drain(batch)) {
        ready.add(outbox);
      }
    }
    return null;
  }

  /**
   * How many frames of each appender were written: they are its first ones, in order, and the end
   * comes last.
   */
  private int[] prefixes() {
    List<String> lines =
        new ArrayList<>(bytes.toString(StandardCharsets.US_ASCII).lines().toList());
    assertEquals("end", lines.removeLast());
    int[] next = new int[APPENDERS];
    for (String line : lines) {
      String[] parts = line.split(" ");
      int appender = Integer.parseInt(parts[0]);
      assertEquals(next[appender]++, Integer.parseInt(parts[1]), "appender " + appender);
    }
    return next;
  }

  @Test
  void everyAppendersFramesArriveOnceAndInOrder() throws Exception {
    int count = 50_000;
    Outbox outbox = new Outbox(transport, Long.MAX_VALUE / 2, ready::add);
    Future<Void> drainer = threads.submit(this::drain);
    List<Future<?>> appenders = new ArrayList<>();
    for (int a = 0; a < APPENDERS; a++) {
      int appender = a;
      appenders.add(
          threads.submit(
              () -> {
                for (int n = 0; n < count; n++) {
                  outbox.append(line(appender, n));
                }
              }));
    }
    for (Future<?> appender : appenders) {
      appender.get();
    }
    outbox.close(CloseReason.NORMAL, end());
    drainer.get();

    assertEquals(List.of(count, count, count), Arrays.stream(prefixes()).boxed().toList());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingBehindWhatASlowConsumerLostReachesIt(boolean whileItIsDrained) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      List<Slow> clients = IntStream.range(0, 1_000).mapToObj(i -> new Slow()).toList();
      together(clients, Slow::close, whileItIsDrained ? Slow::drain : Slow::appendMore);
      clients.forEach(Slow::assertPrefix);
    }
  }

  /**
   * Does both to each at the same moment: whoever comes first to a client waits for the other one.
   */
  private void together(List<Slow> clients, Consumer<Slow> one, Consumer<Slow> other)
      throws Exception {
    AtomicInteger[] at = {new AtomicInteger(-1), new AtomicInteger(-1)};
    Future<?> first = threads.submit(() -> walk(clients, one, at[0], at[1]));
    Future<?> second = threads.submit(() -> walk(clients, other, at[1], at[0]));
    first.get();
    second.get();
  }

  private static void walk(
      List<Slow> clients, Consumer<Slow> step, AtomicInteger own, AtomicInteger others) {
    for (int i = 0; i < clients.size(); i++) {
      own.set(i);
      for (int spins = 0; others.get() < i; spins++) {
        if (spins < 200) {
          Thread.onSpinWait();
        } else {
          Thread.yield();
        }
      }
      step.accept(clients.get(i));
    }
  }

  /** A client that is taken for slow while somebody appends and somebody drains. */
  private static final class Slow {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final RecordingTransport transport = RecordingTransport.into(bytes);
    private final Outbox outbox = new Outbox(transport, 10_000, _ -> {});

    Slow() {
      append(0);
      append(1);
      outbox.drain(BATCH.get()); // takes both and writes one
      append(2);
    }

    void append(int number) {
      outbox.append(Frame.control((" " + number + "\n").getBytes(StandardCharsets.US_ASCII)));
    }

    void appendMore() {
      append(3);
      append(4);
    }

    void close() {
      outbox.close(CloseReason.SLOW_CONSUMER, end());
    }

    void drain() {
      outbox.drain(BATCH.get());
    }

    void assertPrefix() {
      while (transport.closed().isEmpty()) {
        outbox.drain(BATCH.get());
      }
      String written = bytes.toString(StandardCharsets.US_ASCII);
      assertTrue(" 0\n 1\n 2\n 3\n 4\nend\n".startsWith(written.replace("end\n", "")), written);
      assertTrue(written.endsWith("end\n"), written);
    }
  }
}
