package io.edgepush.service.operations;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Prometheus text format, version 0.0.4, read strictly.
 *
 * @param types of the families by their name
 * @param samples by name and labels
 */
record PrometheusText(Map<String, String> types, Map<String, Double> samples) {
  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\n\"])*\"";
  private static final Pattern META = Pattern.compile("# (HELP|TYPE) (" + NAME + ") (.+)");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "("
              + NAME
              + ")(\\{(?:"
              + LABEL
              + "(?:,"
              + LABEL
              + ")*)?,?\\})? ([0-9.eE+-]+|NaN|[+-]Inf)");

  static PrometheusText parse(String text) {
    if (!text.endsWith("\n")) {
      throw new AssertionError("the last line has to end");
    }
    PrometheusText read = new PrometheusText(new TreeMap<>(), new TreeMap<>());
    text.lines().filter(line -> !line.isEmpty()).forEach(read::line);
    return read;
  }

  private void line(String line) {
    Matcher meta = META.matcher(line);
    Matcher sample = SAMPLE.matcher(line);
    if (meta.matches()) {
      if (meta.group(1).equals("TYPE") && types.put(meta.group(2), meta.group(3)) != null) {
        throw new AssertionError("a second TYPE: " + line);
      }
    } else if (sample.matches()) {
      requireFamily(sample.group(1), line);
      String key = sample.group(1) + (sample.group(2) == null ? "" : sample.group(2));
      if (samples.put(key, number(sample.group(3))) != null) {
        throw new AssertionError("a second sample: " + line);
      }
    } else {
      throw new AssertionError("not of the format: " + line);
    }
  }

  /** The samples of a family follow its TYPE; those of a histogram and a summary have suffixes. */
  private void requireFamily(String name, String line) {
    String family = name.replaceFirst("_(bucket|sum|count|max)$", "");
    if (!types.containsKey(name) && !types.containsKey(family)) {
      throw new AssertionError("no TYPE before " + line);
    }
  }

  private static double number(String text) {
    return text.endsWith("Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  double sample(String key) {
    Double value = samples.get(key);
    if (value == null) {
      throw new AssertionError(key + " is not in " + samples.keySet());
    }
    return value;
  }
}
