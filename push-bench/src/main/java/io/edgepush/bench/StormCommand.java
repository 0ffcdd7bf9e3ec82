package io.edgepush.bench;

import io.edgepush.bench.load.Counts;
import io.edgepush.bench.load.Crowd;
import io.edgepush.bench.load.Plan;
import io.edgepush.bench.load.PublishLoop;
import io.edgepush.bench.load.Subscribers;
import io.edgepush.bench.report.Figure;
import io.edgepush.bench.report.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everybody comes back at once. */
@Command(
    name = "storm",
    description =
        "all subscribers drop and resume by their cursors at once, while publishing goes on and others stay")
final class StormCommand extends LoadCommand {
  @Option(
      names = "--live",
      paramLabel = "N",
      description = "subscribers that stay, whose latency is measured (default: ${DEFAULT-VALUE})")
  private int live = 100;

  StormCommand() {
    options.connections = 10_000;
    options.rate = 10;
    options.topics = 10;
  }

  @Override
  Result load() {
    Plan plan = withLive(options.plan());
    try (Subscribers subscribers = new Subscribers(plan, live, true)) {
      Run run = new Run(plan, subscribers, output.progress());
      subscribers.open(0, plan.crowd().connectRate());
      run.awaitReady(plan.crowd().connections());
      return storm(plan, run, subscribers);
    }
  }

  private Plan withLive(Plan plan) {
    Crowd crowd = plan.crowd().of(plan.crowd().connections() + live);
    return new Plan(plan.target(), crowd, plan.traffic());
  }

  private Result storm(Plan plan, Run run, Subscribers subscribers) {
    Sampler sampler = new Sampler(subscribers, plan.target().server());
    Histogram served = new Histogram(1, Counts.MAX_MICROS, 3);
    Map<String, Histogram> times = new LinkedHashMap<>();
    PublishLoop publishing = subscribers.publish();
    double seconds;
    try (publishing) {
      run.publishing("warm-up", plan.traffic().warmup(), sampler, Run::ignore);
      sampler.takeLatency();
      run.publishing("calm", plan.traffic().duration(), sampler, Run::ignore);
      times.put("live latency before", sampler.takeLatency());
      subscribers.addReadiness(served);
      served.reset();
      long start = System.nanoTime();
      subscribers.open(live, 0);
      run.awaitReady(plan.crowd().connections());
      seconds = (System.nanoTime() - start) / 1e9;
      sampler.second(true);
      times.put("live latency in the storm", sampler.takeLatency());
      run.publishing("afterwards", plan.traffic().warmup(), sampler, Run::ignore);
    }
    long[] published = publishing.perTopicAndLane();
    run.awaitDeliveries(published);
    subscribers.addReadiness(served);
    times.put("until resumed", served);
    Counts.Snapshot counts = subscribers.counts();
    subscribers.close();
    List<Figure> account = run.account(counts, published);
    List<Figure> figures = new ArrayList<>();
    figures.add(new Figure("all served after", seconds, "s"));
    figures.add(Figure.count("resumed", served.getTotalCount()));
    figures.addAll(account);
    Map<String, String> setup = Options.describe(plan);
    setup.put("live", Integer.toString(live));
    return new Result(
        "storm", setup, figures, times, sampler.seconds(), run.faults(counts, account, publishing));
  }
}
