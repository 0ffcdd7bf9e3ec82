package io.edgepush.bench.report;

/**
 * A number that was found.
 *
 * @param name what it is, in lower case; with underscores for spaces it is the name in JSON
 * @param value the number
 * @param unit its unit; empty for a count
 */
public record Figure(String name, double value, String unit) {
  /** A count. */
  public static Figure count(String name, long value) {
    return new Figure(name, value, "");
  }

  /** As JSON names it. */
  public String key() {
    String withUnit = unit.isEmpty() ? name : name + " " + unit;
    return withUnit
        .replace('µ', 'u')
        .replace('/', ' ')
        .replace("%", "percent")
        .replaceAll("[ -]+", "_");
  }

  /** With as many digits as matter. */
  public String text() {
    String number =
        value == Math.rint(value) || Math.abs(value) >= 1_000
            ? String.format(java.util.Locale.ROOT, "%,.0f", value)
            : String.format(java.util.Locale.ROOT, Math.abs(value) < 10 ? "%.3f" : "%.1f", value);
    return unit.isEmpty() ? number : number + " " + unit;
  }
}
