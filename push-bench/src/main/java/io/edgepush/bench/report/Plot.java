package io.edgepush.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;

/** A line plot as SVG text, drawn by hand so that a report needs nothing from elsewhere. */
public final class Plot {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 260;
  private static final int LEFT = 70;
  private static final int RIGHT = 34;
  private static final int BOTTOM = 34;
  private static final int TOP = 14;

  /** What the class names in it mean. */
  static final String STYLE =
      "svg{font:11px system-ui,sans-serif}.grid{stroke:#ddd}.y{text-anchor:end;fill:#555}"
          + ".x{text-anchor:middle;fill:#555}";

  private static final String[] COLOURS = {"#0b6e99", "#c2410c", "#4d7c0f", "#7e22ce"};

  private final StringBuilder svg = new StringBuilder();
  private final double maxX;
  private final double maxY;
  private int lines;

  /** A point in the plot's own units. */
  public record Point(double x, double y) {}

  /** Empty, with a grid. */
  public Plot(String title, double maxX, double maxY) {
    this.maxX = Math.max(maxX, Double.MIN_NORMAL);
    this.maxY = nice(maxY);
    svg.append(
        "<svg viewBox='0 0 %d %d' role='img' aria-label='%s'>%n".formatted(WIDTH, HEIGHT, title));
    for (int i = 0; i <= 4; i++) {
      double y = y(this.maxY * i / 4);
      svg.append(
          String.format(
              Locale.ROOT,
              "<path d='M%d %.1fH%d' class='grid'/><text x='%d' y='%.1f' class='y'>%s</text>%n",
              LEFT,
              y,
              WIDTH - RIGHT,
              LEFT - 6,
              y + 4,
              label(this.maxY * i / 4)));
    }
  }

  /** Names a place on the x axis. */
  public Plot tick(double x, String name) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<path d='M%.1f %dv5' class='grid'/><text x='%.1f' y='%d' class='x'>%s</text>%n",
            x(x),
            HEIGHT - BOTTOM,
            x(x),
            HEIGHT - BOTTOM + 18,
            name));
    return this;
  }

  /** Names places evenly. */
  Plot ticks(int count, DoubleUnaryOperator value, String unit) {
    for (int i = 0; i <= count; i++) {
      double x = maxX * i / count;
      tick(x, label(value.applyAsDouble(x)) + unit);
    }
    return this;
  }

  /** Draws a line. */
  public Plot line(String name, List<Point> points) {
    String colour = COLOURS[lines % COLOURS.length];
    svg.append(
        points.stream()
            .map(p -> String.format(Locale.ROOT, "%.1f,%.1f", x(p.x()), y(p.y())))
            .collect(
                Collectors.joining(
                    " ",
                    "<polyline fill='none' stroke='" + colour + "' stroke-width='1.6' points='",
                    "'/>\n")));
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x='%d' y='%d' fill='%s'>%s</text>%n",
            LEFT + 10 + 170 * lines,
            TOP,
            colour,
            name));
    lines++;
    return this;
  }

  Plot lines(Map<String, List<Point>> byName) {
    new ArrayList<>(byName.entrySet()).forEach(e -> line(e.getKey(), e.getValue()));
    return this;
  }

  /** As a picture in a file of its own. */
  public String standalone() {
    return toString()
        .replaceFirst("<svg ", "<svg xmlns='http://www.w3.org/2000/svg' ")
        .replaceFirst(">\n", "><style>" + STYLE + "</style>\n");
  }

  @Override
  public String toString() {
    return svg + "</svg>\n";
  }

  private double x(double x) {
    return LEFT + (WIDTH - LEFT - RIGHT) * x / maxX;
  }

  private double y(double y) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP - 6) * Math.min(y, maxY) / maxY;
  }

  private static double nice(double max) {
    double step = Math.pow(10, Math.floor(Math.log10(Math.max(max, 1e-3))));
    for (double m : new double[] {1, 2, 4, 8, 10}) {
      if (m * step >= max) {
        return m * step;
      }
    }
    return max;
  }

  private static String label(double value) {
    if (value >= 1e6) {
      return digits(value / 1e6) + "M";
    }
    return value >= 1e4 ? digits(value / 1e3) + "k" : digits(value);
  }

  private static String digits(double value) {
    return value >= 100
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.2f", value).replaceAll("0$", "").replaceAll("\\.0?$", "");
  }
}
