package io.edgepush.bench.report;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a run has found.
 *
 * @param title the command
 * @param setup what was done, by option
 * @param figures numbers, the most telling first
 * @param times distributions in microseconds, by name
 * @param seconds how it went
 * @param faults what must not be: losses, disorder, connections that ended; empty when all is well
 */
public record Result(
    String title,
    Map<String, String> setup,
    List<Figure> figures,
    Map<String, Histogram> times,
    List<Second> seconds,
    List<String> faults) {

  /** The number of that name. */
  public double figure(String name) {
    return figures.stream()
        .filter(figure -> figure.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name))
        .value();
  }
}
