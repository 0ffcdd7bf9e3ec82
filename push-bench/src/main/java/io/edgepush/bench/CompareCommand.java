package io.edgepush.bench;

import io.edgepush.bench.baseline.ServerChild;
import io.edgepush.bench.load.Plan;
import io.edgepush.bench.report.Figure;
import io.edgepush.bench.report.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The service and the baseline side by side. */
@Command(
    name = "compare",
    description =
        "a node of the service (or --url with --pid) and the baseline, alive side by side and measured in turn")
final class CompareCommand extends LoadCommand {
  private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(2);

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often each is measured (default: ${DEFAULT-VALUE})")
  private int rounds = 3;

  @Option(
      names = "--service",
      paramLabel = "JAR",
      description = "the service that is started (default: as ./run builds it)")
  private Path service = Path.of(System.getProperty("edgepush.bench.service", "push-service.jar"));

  @Option(
      names = "--service-option",
      paramLabel = "OPTION",
      description =
          "passed on to the service, as --service-option=--redis=redis://localhost; repeatable")
  private List<String> serviceOptions = new ArrayList<>();

  @Option(
      names = "--jvm-option",
      paramLabel = "OPTION",
      description = "passed on to the JVM of the service; repeatable")
  private List<String> jvmOptions = new ArrayList<>();

  CompareCommand() {
    options.warmup = Duration.ofSeconds(20);
    options.duration = Duration.ofSeconds(8);
  }

  @Override
  Result load() {
    Plan plan = options.plan();
    try (ServerChild baseline = ServerChild.baseline(List.of())) {
      if (plan.target().server().isPresent()) {
        return compare(plan, plan.onBaseline(baseline.target()));
      }
      List<String> jvm = new ArrayList<>(jvmOptions);
      jvm.addAll(List.of("-jar", service.toString()));
      try (ServerChild node = ServerChild.node(jvm, serviceOptions)) {
        return compare(plan.on(node.target()), plan.onBaseline(baseline.target()));
      }
    }
  }

  private Result compare(Plan ours, Plan theirs) {
    List<Result> service = new ArrayList<>();
    List<Result> baseline = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Duration warmup = round == 0 ? ours.traffic().warmup() : BETWEEN_ROUNDS;
      baseline.add(one("baseline", theirs.with(theirs.traffic().warmedFor(warmup)), faults));
      service.add(one("service", ours.with(ours.traffic().warmedFor(warmup)), faults));
    }
    List<Figure> figures = new ArrayList<>();
    ratio(
        figures, "CPU a delivery", "µs", service, baseline, r -> r.figure("server CPU a delivery"));
    ratio(figures, "latency p50", "ms", service, baseline, r -> percentile(r, 50));
    ratio(figures, "latency p99", "ms", service, baseline, r -> percentile(r, 99));
    ratio(figures, "deliveries", "/s", service, baseline, r -> r.figure("deliveries"));
    Map<String, Histogram> times = new LinkedHashMap<>();
    times.put("service latency", latency(service));
    times.put("baseline latency", latency(baseline));
    Map<String, String> setup = Options.describe(ours);
    setup.put("rounds", Integer.toString(rounds));
    return new Result("compare", setup, figures, times, List.of(), faults);
  }

  private Result one(String who, Plan plan, List<String> faults) {
    Result result = new FanoutRun(who, plan, output.progress()).run();
    commandLine()
        .getOut()
        .printf(
            "%-9s %7.3f µs a delivery, p50 %.3f ms, p99 %.3f ms, %,.0f deliveries/s%n",
            who,
            result.figure("server CPU a delivery"),
            percentile(result, 50),
            percentile(result, 99),
            result.figure("deliveries"));
    commandLine().getOut().flush();
    result.faults().forEach(fault -> faults.add(who + ": " + fault));
    return result;
  }

  private static double percentile(Result result, double percentile) {
    return result.times().get("latency").getValueAtPercentile(percentile) / 1_000.0;
  }

  /** Medians, and the ratio of those. */
  private static void ratio(
      List<Figure> figures,
      String what,
      String unit,
      List<Result> service,
      List<Result> baseline,
      ToDoubleFunction<Result> of) {
    double ours = median(service, of);
    double theirs = median(baseline, of);
    figures.add(new Figure(what + " ratio", ours / theirs, "x"));
    figures.add(new Figure(what + " service", ours, unit));
    figures.add(new Figure(what + " baseline", theirs, unit));
  }

  private static double median(List<Result> results, ToDoubleFunction<Result> of) {
    double[] sorted = results.stream().mapToDouble(of).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static Histogram latency(List<Result> results) {
    Histogram all = new Histogram(3);
    results.forEach(result -> all.add(result.times().get("latency")));
    return all;
  }
}
