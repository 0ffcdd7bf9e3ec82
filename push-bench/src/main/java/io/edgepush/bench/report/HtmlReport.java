package io.edgepush.bench.report;

import io.edgepush.bench.report.Plot.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** A result as one page that needs nothing from elsewhere. */
public final class HtmlReport {
  private static final double MILLI = 1_000;
  private static final String HEAD =
      """
      <!doctype html>
      <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <style>
      body { font: 15px/1.45 system-ui, sans-serif; max-width: 800px; margin: 2rem auto; padding: 0 1rem; color: #1c1c1c }
      table { border-collapse: collapse } td, th { padding: 2px 14px 2px 0; text-align: left; vertical-align: top }
      td.n { text-align: right; font-variant-numeric: tabular-nums } .fault { color: #b91c1c; font-weight: 600 }
      svg { width: 100% }
      </style>
      """;

  private HtmlReport() {}

  /** The page. */
  public static String of(Result result) {
    StringBuilder out = new StringBuilder(HEAD);
    out.append("<style>").append(Plot.STYLE).append("</style>\n");
    out.append("<title>").append(escape(result.title())).append("</title>\n<h1>");
    out.append(escape(result.title())).append("</h1>\n");
    result
        .faults()
        .forEach(f -> out.append("<p class='fault'>").append(escape(f)).append("</p>\n"));
    out.append("<table>\n");
    result.figures().forEach(f -> row(out, f.name(), f.text()));
    out.append("</table>\n");
    if (result.times().values().stream().anyMatch(h -> h.getTotalCount() > 0)) {
      out.append("<h2>Times by percentile, ms</h2>\n").append(percentiles(result));
    }
    if (result.seconds().size() > 1) {
      out.append("<h2>Deliveries a second</h2>\n");
      out.append(overTime(result, Map.of("deliveries", Second::deliveries)));
      out.append("<h2>Latency by second, ms</h2>\n");
      Map<String, ToDoubleFunction<Second>> lines = new LinkedHashMap<>();
      lines.put("p50", s -> s.p50() / MILLI);
      lines.put("p99", s -> s.p99() / MILLI);
      out.append(overTime(result, lines));
    }
    if (result.seconds().stream().anyMatch(s -> s.rssKib() > 0)) {
      out.append("<h2>Server memory, MiB</h2>\n");
      out.append(overTime(result, Map.of("RSS", s -> s.rssKib() / 1024.0)));
      out.append("<h2>Server CPU, % of one</h2>\n");
      out.append(overTime(result, Map.of("CPU", Second::cpuPercent)));
    }
    out.append("<h2>What was done</h2>\n<table>\n");
    result.setup().forEach((name, value) -> row(out, name, value));
    return out.append("</table>\n</html>\n").toString();
  }

  private static void row(StringBuilder out, String name, String value) {
    out.append("<tr><td>").append(escape(name)).append("<td class='n'>").append(escape(value));
    out.append('\n');
  }

  /** Of the kind that HdrHistogram's plotter draws: each step to the right is ten times rarer. */
  private static Plot percentiles(Result result) {
    double most = 1;
    double maxMs = 0;
    for (Histogram h : result.times().values()) {
      most = Math.max(most, h.getTotalCount());
      maxMs = Math.max(maxMs, h.getMaxValue() / MILLI);
    }
    double end = Math.max(2, Math.ceil(Math.log10(most)));
    Plot plot = new Plot("times by percentile", end, maxMs);
    plot.tick(0, "0").tick(Math.log10(2), "50 %");
    for (int nines = 1; nines <= end; nines++) {
      plot.tick(
          nines,
          nines == 1 ? "90 %" : "99" + (nines > 2 ? "." : "") + "9".repeat(nines - 2) + " %");
    }
    result.times().forEach((name, h) -> plot.line(escape(name), curve(h, end)));
    return plot;
  }

  private static List<Point> curve(Histogram histogram, double end) {
    List<Point> points = new ArrayList<>();
    for (HistogramIterationValue value : histogram.percentiles(5)) {
      double rarer = 1 - value.getPercentileLevelIteratedTo() / 100;
      double x = rarer <= 0 ? end : Math.min(end, -Math.log10(rarer));
      points.add(new Point(x, value.getValueIteratedTo() / MILLI));
    }
    return points;
  }

  private static Plot overTime(Result result, Map<String, ToDoubleFunction<Second>> lines) {
    double max = 0;
    Map<String, List<Point>> points = new LinkedHashMap<>();
    for (var line : lines.entrySet()) {
      List<Point> of = new ArrayList<>();
      for (Second second : result.seconds()) {
        double y = line.getValue().applyAsDouble(second);
        max = Math.max(max, y);
        of.add(new Point(second.at(), y));
      }
      points.put(line.getKey(), of);
    }
    double end = result.seconds().getLast().at();
    return new Plot("over time", end, max).ticks(8, x -> x, " s").lines(points);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
