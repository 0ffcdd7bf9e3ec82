package io.edgepush.bench.report;

import java.util.Locale;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** A result for a terminal. */
public final class TextReport {
  private static final double MILLI = 1_000;

  private TextReport() {}

  /** Lines, each with its end. */
  public static String of(Result result) {
    StringBuilder out = new StringBuilder();
    out.append(result.title()).append('\n');
    out.append(
        result.setup().entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", ", "  ", "\n")));
    for (Figure figure : result.figures()) {
      out.append(String.format("  %-34s %s%n", figure.name(), figure.text()));
    }
    result.times().forEach((name, histogram) -> out.append(times(name, histogram)));
    result.faults().forEach(fault -> out.append("  FAULT ").append(fault).append('\n'));
    return out.toString();
  }

  private static String times(String name, Histogram h) {
    if (h.getTotalCount() == 0) {
      return String.format("  %-34s none%n", name + ", ms");
    }
    return String.format(
        Locale.ROOT,
        "  %-34s p50 %.3f  p90 %.3f  p99 %.3f  p99.9 %.3f  max %.3f%n",
        name + ", ms",
        ms(h, 50),
        ms(h, 90),
        ms(h, 99),
        ms(h, 99.9),
        h.getMaxValue() / MILLI);
  }

  private static double ms(Histogram h, double percentile) {
    return h.getValueAtPercentile(percentile) / MILLI;
  }
}
