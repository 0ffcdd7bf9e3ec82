package io.edgepush.bench;

import io.edgepush.bench.report.Figure;
import io.edgepush.bench.report.Result;
import io.edgepush.bench.report.Second;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A fan-out that goes on for long. */
@Command(
    name = "soak",
    description =
        "a fanout for long, with a line now and then, and a verdict on the server's memory")
final class SoakCommand extends LoadCommand {
  @Option(
      names = "--every",
      paramLabel = "TIME",
      description = "time between two lines (default: ${DEFAULT-VALUE})")
  private Duration every = Duration.ofMinutes(1);

  @Option(
      names = "--max-drift",
      paramLabel = "PERCENT",
      description =
          "by how much the server's memory may grow from the second quarter to the last (default: ${DEFAULT-VALUE})")
  private double maxDrift = 10;

  private double nextLine;

  SoakCommand() {
    options.duration = Duration.ofHours(1);
  }

  @Override
  Result load() {
    return judged(new FanoutRun("soak", options.plan(), output.progress(), this::line).run());
  }

  private void line(Second second) {
    if (second.at() >= nextLine) {
      nextLine = second.at() + every.toMillis() / 1_000.0;
      PrintWriter out = commandLine().getOut();
      out.printf(
          "%6.0f s  %s, CPU %.0f %%, RSS %.1f MiB%n",
          second.at(), Run.describe(second), second.cpuPercent(), second.rssKib() / 1024.0);
      out.flush();
    }
  }

  private Result judged(Result result) {
    List<Second> measured = result.seconds().stream().filter(Second::measured).toList();
    int quarter = measured.size() / 4;
    if (options.pid.isEmpty() || quarter == 0) {
      return result;
    }
    double early = median(measured.subList(quarter, 2 * quarter));
    double late = median(measured.subList(measured.size() - quarter, measured.size()));
    double drift = 100 * (late - early) / early;
    List<Figure> figures = new ArrayList<>(result.figures());
    figures.add(new Figure("server RSS drift", drift, "%"));
    List<String> faults = new ArrayList<>(result.faults());
    if (drift > maxDrift) {
      faults.add(
          "the server's memory grows: by %.1f %% from the second quarter to the last"
              .formatted(drift));
    }
    return new Result(
        result.title(), result.setup(), figures, result.times(), result.seconds(), faults);
  }

  private static double median(List<Second> seconds) {
    return seconds.stream()
        .mapToLong(Second::rssKib)
        .sorted()
        .skip(seconds.size() / 2)
        .findFirst()
        .orElse(0);
  }
}
