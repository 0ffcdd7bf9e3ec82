package io.edgepush.bench;

import io.edgepush.bench.load.Crowd;
import io.edgepush.bench.load.Plan;
import io.edgepush.bench.report.Figure;
import io.edgepush.bench.report.Plot;
import io.edgepush.bench.report.Plot.Point;
import io.edgepush.bench.report.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a delivery costs, by the number of subscribers. */
@Command(
    name = "sweep",
    description =
        "a fanout for each of several numbers of subscribers, at the same deliveries a second")
final class SweepCommand extends LoadCommand {
  @Option(
      names = "--sizes",
      split = ",",
      paramLabel = "N",
      description = "numbers of subscribers, ascending (default: ${DEFAULT-VALUE})")
  private List<Integer> sizes = List.of(100, 300, 1_000, 3_000, 10_000, 19_000);

  @Option(
      names = "--deliveries",
      paramLabel = "N",
      description = "deliveries a second, whatever the number (default: ${DEFAULT-VALUE})")
  private double deliveries = 25_000;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "CPU a delivery by the number of subscribers, as a picture; needs --pid")
  private Optional<Path> svg = Optional.empty();

  @Override
  Result load() {
    Plan plan = options.plan();
    List<Figure> figures = new ArrayList<>();
    List<Point> costs = new ArrayList<>();
    Map<String, Histogram> times = new LinkedHashMap<>();
    List<String> faults = new ArrayList<>();
    for (int size : sizes) {
      Result result = new FanoutRun("sweep", of(plan, size), output.progress()).run();
      times.put("latency at " + size, result.times().get("latency"));
      for (Figure figure : result.figures()) {
        if (figure.name().startsWith("server") && !figure.name().endsWith("event")) {
          figures.add(new Figure(figure.name() + " at " + size, figure.value(), figure.unit()));
        }
        if ("server CPU a delivery".equals(figure.name())) {
          costs.add(new Point(position(size), figure.value()));
        }
      }
      result.faults().forEach(fault -> faults.add("at " + size + ": " + fault));
    }
    svg.ifPresent(file -> draw(file, costs));
    Map<String, String> setup = Options.describe(of(plan, sizes.getLast()));
    setup.put("deliveries", String.format("%.0f", deliveries));
    return new Result("sweep", setup, figures, times, List.of(), faults);
  }

  private Plan of(Plan plan, int size) {
    Crowd c = plan.crowd();
    double perEvent = (double) size * c.topicsPerConnection() / c.topics();
    return new Plan(plan.target(), c.of(size), plan.traffic().at(deliveries / perEvent));
  }

  private double position(int size) {
    return Math.log10((double) size / sizes.getFirst());
  }

  private void draw(Path file, List<Point> costs) {
    double max = costs.stream().mapToDouble(Point::y).max().orElse(1);
    Plot plot = new Plot("server CPU a delivery", position(sizes.getLast()), max);
    sizes.forEach(size -> plot.tick(position(size), Integer.toString(size)));
    plot.line("server CPU a delivery, µs, by connections", costs);
    try {
      Files.writeString(file, plot.standalone());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
