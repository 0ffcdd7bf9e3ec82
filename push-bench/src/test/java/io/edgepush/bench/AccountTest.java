package io.edgepush.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.bench.load.Crowd;
import io.edgepush.bench.load.Plan;
import io.edgepush.bench.load.Traffic;
import io.edgepush.bench.load.Transport;
import io.edgepush.bench.report.Progress;
import io.edgepush.bench.report.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** The tool tells exactly what a server does wrong. */
class AccountTest {
  private static final int CONNECTIONS = 7;

  @Test
  void lossesDuplicatesAndDisorderAreToldAsTheyWere() throws IOException {
    Distortion distortion = new Distortion();

    Result result = run(distortion, 200);

    assertEquals((double) CONNECTIONS * distortion.dropped, result.figure("lost"));
    assertEquals((double) CONNECTIONS * distortion.doubled, result.figure("duplicates"));
    assertEquals((double) CONNECTIONS * distortion.swapped, result.figure("out of order"));
    assertEquals(3, result.faults().size(), result.faults()::toString);
    assertTrue(distortion.dropped > 0 && distortion.doubled > 0 && distortion.swapped > 0);
  }

  /** Of ten events: one dropped, one doubled, one held back until the next was sent. */
  private static final class Distortion implements Function<byte[], List<byte[]>> {
    private int number;
    private int dropped;
    private int doubled;
    private int swapped;
    private List<byte[]> held = List.of();

    @Override
    public List<byte[]> apply(byte[] event) {
      List<byte[]> sent = new ArrayList<>(List.of(event));
      sent.addAll(held);
      swapped += held.size();
      held = List.of();
      switch (number++ % 10) {
        case 3 -> {
          dropped++;
          sent.clear();
        }
        case 5 -> {
          doubled++;
          sent.add(event);
        }
        case 7 -> {
          held = List.of(event);
          sent.clear();
        }
        default -> {}
      }
      return sent;
    }
  }

  @Test
  void allIsWellWhenAllComesOnceAndInOrder() throws IOException {
    Result result = run(List::of, 200);

    assertEquals(List.of(), result.faults());
    assertTrue(result.figure("delivered") > 0);
  }

  @Test
  void aServerThatStallsMakesAllLateThatWereDueMeanwhile() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    int[] number = {0};
    Function<byte[], List<byte[]>> stalls =
        event -> {
          if (number[0]++ == 150) {
            pause(never);
          }
          return List.of(event);
        };

    Result result = run(stalls, 100);

    Histogram latency = result.times().get("latency");
    long late = latency.getCountBetweenValues(150_000, latency.getMaxValue());
    assertTrue(latency.getMaxValue() >= 295_000, "the stall is seen: " + latency.getMaxValue());
    assertTrue(
        late >= 10 * CONNECTIONS, "events that were due in the first half of the stall: " + late);
  }

  private static void pause(CountDownLatch never) {
    try {
      assertEquals(false, never.await(300, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Result run(Function<byte[], List<byte[]>> instead, double rate)
      throws IOException {
    try (FaultyServer server = new FaultyServer(instead)) {
      Plan plan =
          new Plan(
              server.target(),
              new Crowd(Transport.SSE, CONNECTIONS, 0, 1, 1, 2, 0),
              new Traffic(rate, 40, 1, 1, Duration.ofSeconds(1), Duration.ofSeconds(1)));
      return new FanoutRun("test", plan, new Progress(System.err, false)).run();
    }
  }
}
