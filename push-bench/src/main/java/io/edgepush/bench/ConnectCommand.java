package io.edgepush.bench;

import io.edgepush.bench.load.Counts;
import io.edgepush.bench.load.Plan;
import io.edgepush.bench.load.ServerProcess;
import io.edgepush.bench.load.Subscribers;
import io.edgepush.bench.report.Figure;
import io.edgepush.bench.report.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What connections cost. */
@Command(
    name = "connect",
    description =
        "subscribers connect and stay: rate, time, and the server's CPU and memory for each")
final class ConnectCommand extends LoadCommand {
  @Option(
      names = "--gc",
      description =
          "with --pid of a Java process: have it collect garbage before its memory is read")
  private boolean gc;

  ConnectCommand() {
    options.connections = 5_000;
    options.duration = Duration.ofSeconds(2);
  }

  @Override
  Result load() {
    Plan plan = options.plan();
    Optional<ServerProcess> server = plan.target().server();
    int count = plan.crowd().connections();
    try (Subscribers subscribers = new Subscribers(plan, 0, false)) {
      long rssBefore = rss(server);
      Sampler sampler = new Sampler(subscribers, server);
      Run run = new Run(plan, subscribers, output.progress());
      long start = System.nanoTime();
      subscribers.open(0, plan.crowd().connectRate());
      run.awaitReady(count);
      double seconds = (System.nanoTime() - start) / 1e9;
      long cpu = sampler.cpuMicros();
      run.publishing("holding", plan.traffic().duration(), sampler, Run::ignore);
      Counts.Snapshot counts = subscribers.counts();
      Histogram readiness = new Histogram(1, Counts.MAX_MICROS, 3);
      subscribers.addReadiness(readiness);
      List<Figure> figures = new ArrayList<>();
      figures.add(Figure.count("subscribed", counts.ready()));
      figures.add(new Figure("rate", counts.ready() / seconds, "/s"));
      if (server.isPresent() && counts.ready() > 0) {
        long grown = rss(server) - rssBefore;
        figures.add(
            new Figure(
                "server CPU a connection",
                (cpu - sampler.startCpuMicros()) / (double) count,
                "µs"));
        figures.add(new Figure("server RSS a connection", grown / (double) counts.ready(), "KiB"));
      }
      LinkedHashMap<String, Histogram> times = new LinkedHashMap<>();
      times.put("until subscribed", readiness);
      return new Result(
          "connect",
          Options.describe(plan),
          figures,
          times,
          List.of(),
          run.connectionFaults(counts));
    }
  }

  private long rss(Optional<ServerProcess> server) {
    if (gc) {
      server.ifPresent(ServerProcess::collectGarbage);
    }
    return server.map(ServerProcess::rssKib).orElse(0L);
  }
}
