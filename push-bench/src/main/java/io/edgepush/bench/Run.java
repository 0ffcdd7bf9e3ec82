package io.edgepush.bench;

import io.edgepush.bench.load.Counts;
import io.edgepush.bench.load.Plan;
import io.edgepush.bench.load.PublishLoop;
import io.edgepush.bench.load.Subscribers;
import io.edgepush.bench.report.Figure;
import io.edgepush.bench.report.Progress;
import io.edgepush.bench.report.Second;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The parts that runs are made of: connect, publish for a while, wait for what is on its way,
 * judge.
 */
final class Run {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LAST_DELIVERIES = Duration.ofSeconds(5);
  private static final long STEP = 2_000_000;
  private static final long SECOND = 1_000_000_000;
  private static final long TOLERABLY_LATE = SECOND;

  private final Plan plan;
  private final Subscribers subscribers;
  private final Progress progress;

  Run(Plan plan, Subscribers subscribers, Progress progress) {
    this.plan = plan;
    this.subscribers = subscribers;
    this.progress = progress;
  }

  /** Waits until so many are subscribed, or it is clear that they will not be. */
  void awaitReady(int count) {
    subscribers.sync();
    awaitProgress(
        () -> {
          Counts.Snapshot now = subscribers.counts();
          progress.show("connecting", (double) now.ready() / count, now.ready() + " of " + count);
          return now.ready() + now.refused() + now.ended() >= count;
        },
        PATIENCE);
    progress.clear();
  }

  /** Lets it go on for a while, and takes note each second. */
  void publishing(String phase, Duration time, Sampler sampler, Consumer<Second> each) {
    long start = System.nanoTime();
    long total = time.toNanos();
    boolean measured = !"warm-up".equals(phase);
    for (long at = 0; at < total; ) {
      at = Math.min(at + SECOND, total);
      while (System.nanoTime() - start < at) {
        LockSupport.parkNanos(start + at - System.nanoTime());
      }
      Second second = sampler.second(measured);
      each.accept(second);
      progress.show(phase, (double) at / total, describe(second));
    }
    progress.clear();
  }

  static String describe(Second second) {
    return String.format(
        Locale.ROOT,
        "%,d deliveries/s, p50 %.1f, p99 %.1f ms",
        second.deliveries(),
        second.p50() / 1_000.0,
        second.p99() / 1_000.0);
  }

  /** Waits for what is on its way, once publishing has ended. */
  void awaitDeliveries(long[] published) {
    long expected = subscribers.expected(published);
    awaitProgress(
        () -> {
          long received = subscribers.counts().received();
          progress.show("draining", received / (double) Math.max(1, expected), "");
          return received >= expected;
        },
        LAST_DELIVERIES);
    progress.clear();
    subscribers.sync();
  }

  /** Waits until the condition holds, or nothing has been received or connected for so long. */
  private void awaitProgress(BooleanSupplier done, Duration patience) {
    Counts.Snapshot last = subscribers.counts();
    long since = System.nanoTime();
    while (!done.getAsBoolean() && System.nanoTime() - since < patience.toNanos()) {
      LockSupport.parkNanos(STEP);
      Counts.Snapshot now = subscribers.counts();
      if (now.received() != last.received() || now.ready() != last.ready()) {
        last = now;
        since = System.nanoTime();
      }
    }
  }

  /** What a second deserves when nobody watches. */
  static void ignore(Second second) {}

  /** The account of deliveries; after the subscribers were closed. */
  List<Figure> account(Counts.Snapshot counts, long[] published) {
    List<Figure> figures = new ArrayList<>();
    figures.add(Figure.count("lost", subscribers.lost(published)));
    figures.add(Figure.count("duplicates", counts.duplicates()));
    figures.add(Figure.count("out of order", counts.late()));
    if (counts.gaps() + counts.foreign() > 0) {
      figures.add(Figure.count("gaps announced", counts.gaps()));
      figures.add(Figure.count("not understood", counts.foreign()));
    }
    return figures;
  }

  /** What must not be. */
  List<String> faults(Counts.Snapshot counts, List<Figure> account, PublishLoop publishing) {
    List<String> faults = new ArrayList<>();
    account.stream()
        .filter(figure -> figure.value() != 0)
        .forEach(figure -> faults.add(figure.name() + ": " + figure.text()));
    faults.addAll(connectionFaults(counts));
    if (publishing.failed() > 0) {
      faults.add(
          "not published: %,d, the first: %s"
              .formatted(
                  publishing.failed(), publishing.firstTrouble().lines().findFirst().orElse("")));
    }
    if (publishing.behindNanos() > TOLERABLY_LATE) {
      faults.add(
          "publishing fell behind its schedule by %.1f s: the service (or --publishers) does not keep up"
              .formatted(publishing.behindNanos() / 1e9));
    }
    return faults;
  }

  /** Of connections alone. */
  List<String> connectionFaults(Counts.Snapshot counts) {
    List<String> faults = new ArrayList<>();
    if (counts.refused() + counts.ended() > 0) {
      faults.add(
          "connections refused: %,d, ended by the service: %,d; the first: %s"
              .formatted(counts.refused(), counts.ended(), counts.firstTrouble()));
    }
    long missing = plan.crowd().connections() - counts.ready() - counts.refused() - counts.ended();
    if (missing > 0) {
      faults.add("connections that were never subscribed: %,d".formatted(missing));
    }
    return faults;
  }
}
