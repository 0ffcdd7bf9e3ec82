package io.edgepush.service.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** The values of the keys, with what gave each: option, environment variable, file or nobody. */
final class Values {
  private final Map<Key, String> values = new EnumMap<>(Key.class);
  private final Map<Key, String> origins = new EnumMap<>(Key.class);

  /** Sets a value; one that was set before stays. */
  void offer(Key key, String value, String origin) {
    if (values.putIfAbsent(key, value) == null) {
      origins.put(key, origin);
    }
  }

  String text(Key key) {
    return values.getOrDefault(key, key.fallback());
  }

  /** A whole number within bounds. */
  long number(Key key, long min, long max) {
    String text = text(key).replace("_", "");
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw wrong(key, "an integer from " + min + " to " + max);
  }

  /** {@code true} or {@code false}. */
  boolean flag(Key key) {
    return switch (text(key)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(key, "true or false");
    };
  }

  /** A time such as {@code 500ms}, {@code 15s}, {@code 2m} or {@code 1h}. */
  Duration time(Key key, Duration min) {
    return Durations.parse(text(key))
        .filter(d -> d.compareTo(min) >= 0)
        .orElseThrow(
            () ->
                wrong(
                    key,
                    "a time such as 500ms, 15s, 2m or 1h, from "
                        + min.toMillis()
                        + "ms to "
                        + Durations.MAX.toHours()
                        + "h"));
  }

  /** A URI, of any kind. */
  URI uri(Key key) {
    try {
      return new URI(text(key));
    } catch (URISyntaxException _) {
      // without the value: it may hold a password
      throw refused(
          key, "not a URI; other characters than letters and digits in a password are written %XX");
    }
  }

  /** What to say of a value that is not to be shown. */
  ConfigurationException refused(Key key, String why) {
    return new ConfigurationException(origin(key) + ": " + why);
  }

  /** What to say of a value that is not right. */
  ConfigurationException wrong(Key key, String expected) {
    return new ConfigurationException(
        origin(key) + " has to be " + expected + ", not '" + text(key) + "'");
  }

  private String origin(Key key) {
    return origins.getOrDefault(key, key.key());
  }
}
