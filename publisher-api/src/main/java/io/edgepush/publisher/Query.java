package io.edgepush.publisher;

import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters behind the path's {@code ?}.
 *
 * @param values by name, decoded
 */
record Query(Map<String, String> values) {
  private static final int MAX_SHOWN_NAME = 40;

  /**
   * Reads the parameters.
   *
   * @param raw as it came over the wire, without the question mark
   * @param known the names that there may be
   * @throws ProblemException {@link Code#UNKNOWN_FIELD} for another name, {@link
   *     Code#INVALID_FIELD} for one that occurs twice or cannot be decoded
   */
  static Query parse(String raw, String... known) {
    Map<String, String> values = new LinkedHashMap<>();
    int start = 0;
    while (start < raw.length()) {
      int end = raw.indexOf('&', start) < 0 ? raw.length() : raw.indexOf('&', start);
      if (end > start) {
        put(values, raw.substring(start, end), known);
      }
      start = end + 1;
    }
    return new Query(values);
  }

  private static void put(Map<String, String> values, String parameter, String... known) {
    int equals = parameter.indexOf('=');
    String name =
        PercentEncoding.decodeQuery(
            equals < 0 ? parameter : parameter.substring(0, equals), "query");
    if (!List.of(known).contains(name)) {
      String shown =
          name.length() > MAX_SHOWN_NAME ? name.substring(0, MAX_SHOWN_NAME) + "…" : name;
      throw Problem.of(Code.UNKNOWN_FIELD, shown, "there is no query parameter of this name here")
          .exception();
    }
    String value =
        equals < 0 ? "" : PercentEncoding.decodeQuery(parameter.substring(equals + 1), name);
    if (values.put(name, value) != null) {
      throw Problem.of(Code.INVALID_FIELD, name, name + " is there twice").exception();
    }
  }

  /** A parameter's value. */
  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /**
   * A parameter that is a decimal number.
   *
   * @throws ProblemException {@link Code#INVALID_FIELD} when it is none, or out of range
   */
  int number(String name, int min, int max, int absent) {
    String value = values.getOrDefault(name, Integer.toString(absent));
    boolean digits =
        value.length() <= 9
            && value.chars().allMatch(c -> c >= '0' && c <= '9')
            && !value.isEmpty();
    int number = digits ? Integer.parseInt(value) : -1;
    if (number < min || number > max) {
      throw Problem.of(Code.INVALID_FIELD, name, name + " is a number from " + min + " to " + max)
          .exception();
    }
    return number;
  }
}
