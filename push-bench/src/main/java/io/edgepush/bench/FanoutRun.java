package io.edgepush.bench;

import io.edgepush.bench.load.Counts;
import io.edgepush.bench.load.Plan;
import io.edgepush.bench.load.PublishLoop;
import io.edgepush.bench.load.Subscribers;
import io.edgepush.bench.report.Figure;
import io.edgepush.bench.report.Progress;
import io.edgepush.bench.report.Result;
import io.edgepush.bench.report.Second;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Subscribers receive what is published by a schedule. */
final class FanoutRun {
  private final String title;
  private final Plan plan;
  private final Progress progress;
  private final Consumer<Second> each;

  FanoutRun(String title, Plan plan, Progress progress) {
    this(title, plan, progress, Run::ignore);
  }

  /** A run that tells each second. */
  FanoutRun(String title, Plan plan, Progress progress, Consumer<Second> each) {
    this.title = title;
    this.plan = plan;
    this.progress = progress;
    this.each = each;
  }

  /** Runs it. */
  Result run() {
    try (Subscribers subscribers = new Subscribers(plan, plan.crowd().connections(), false);
        Subscribers stuck = subscribers.stuck()) {
      stuck.open(0, plan.crowd().connectRate());
      new Run(plan, stuck, progress).awaitReady(plan.crowd().stuck());
      Run run = new Run(plan, subscribers, progress);
      subscribers.open(0, plan.crowd().connectRate());
      run.awaitReady(plan.crowd().connections());
      return measure(run, subscribers);
    }
  }

  private Result measure(Run run, Subscribers subscribers) {
    Sampler sampler = new Sampler(subscribers, plan.target().server());
    PublishLoop publishing = subscribers.publish();
    Counts.Snapshot before;
    long cpuBefore;
    long publishedBefore;
    long start;
    long end;
    try (publishing) {
      run.publishing("warm-up", plan.traffic().warmup(), sampler, each);
      publishing.latency().getIntervalHistogram();
      sampler.takeLatency();
      before = subscribers.counts();
      cpuBefore = sampler.cpuMicros();
      publishedBefore = publishing.published();
      start = System.nanoTime();
      run.publishing("measuring", plan.traffic().duration(), sampler, each);
      end = System.nanoTime();
    }
    long publishedUntilEnd = publishing.published() - publishedBefore;
    long receivedUntilEnd = subscribers.counts().received() - before.received();
    long[] published = publishing.perTopicAndLane();
    run.awaitDeliveries(published);
    long cpu = sampler.cpuMicros() - cpuBefore;
    Counts.Snapshot counts = subscribers.counts();
    subscribers.close();
    double seconds = (end - start) / 1e9;
    long received = counts.received() - before.received();
    List<Figure> figures = new ArrayList<>();
    figures.add(new Figure("deliveries", receivedUntilEnd / seconds, "/s"));
    figures.add(new Figure("published", publishedUntilEnd / seconds, "/s"));
    figures.addAll(run.account(counts, published));
    List<String> faults = run.faults(counts, figures.subList(2, figures.size()), publishing);
    figures.add(Figure.count("delivered", received));
    figures.add(
        new Figure(
            "read for a delivery",
            (counts.bytes() - before.bytes()) / (double) Math.max(1, received),
            "bytes"));
    server(figures, cpu, received, publishedUntilEnd, sampler);
    Map<String, Histogram> times = new LinkedHashMap<>();
    if (plan.crowd().connections() > 0) {
      times.put("latency", sampler.takeLatency());
    }
    times.put("publish call", publishing.latency().getIntervalHistogram());
    return new Result(title, Options.describe(plan), figures, times, sampler.seconds(), faults);
  }

  private void server(
      List<Figure> figures, long cpu, long received, long published, Sampler sampler) {
    if (plan.target().server().isPresent()) {
      if (received > 0) {
        figures.add(new Figure("server CPU a delivery", cpu / (double) received, "µs"));
      }
      figures.add(new Figure("server CPU an event", cpu / (double) Math.max(1, published), "µs"));
      figures.add(new Figure("server RSS", sampler.seconds().getLast().rssKib() / 1024.0, "MiB"));
    }
  }
}
