package io.edgepush.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgepush.wire.CloseReason;
import io.edgepush.wire.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Several threads append, one drains, as in the service. Frames are lines: the appender's number, and a number that counts
 * up.
 */
class OutboxConcurrencyTest {
  private static final int APPENDERS = 3;

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

  /** How many frames of each appender were written: they are its first ones, in order, and the end comes last. */
  private int[] prefixes() {
    List<String> lines = new ArrayList<>(bytes.toString(StandardCharsets.US_ASCII).lines().toList());
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
      appenders.add(threads.submit(() -> {
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

  @Test
  void nothingBehindWhatASlowConsumerLostReachesIt() throws Exception {
    int rounds = 20_000;
    Outbox[] outbox = new Outbox[1];
    FrameBatch batch = new FrameBatch(4_096);
    CyclicBarrier round = new CyclicBarrier(APPENDERS + 1);
    List<Future<?>> appenders = new ArrayList<>();
    for (int a = 0; a < APPENDERS; a++) {
      int appender = a;
      appenders.add(threads.submit(() -> {
        for (int r = 0; r < rounds; r++) {
          round.await();
          appendOrClose(outbox[0], appender);
          round.await();
        }
        return null;
      }));
    }
    for (int r = 0; r < rounds; r++) {
      outbox[0] = new Outbox(transport, 1_000_000, _ -> { });
      round.await();
      round.await();
      bytes.reset();
      while (outbox[0].drain(batch)) {
        // takes all that is there
      }
      assertEquals(0, Arrays.stream(prefixes()).sum(), "all that waited was dropped");
    }
    for (Future<?> appender : appenders) {
      appender.get();
    }
  }

  /** The first appender takes the client for slow while the others still append. */
  private static void appendOrClose(Outbox outbox, int appender) {
    for (int n = 0; !outbox.isClosing(); n++) {
      outbox.append(line(appender, n));
      if (appender == 0 && n == 50) {
        outbox.close(CloseReason.SLOW_CONSUMER, end());
      }
    }
  }
}
