package io.edgepush.service.config;

import java.time.Duration;
import java.util.Optional;

/** Times as configuration writes them. */
final class Durations {
  /** Far more than makes sense, and little enough for every unit to count in. */
  static final Duration MAX = Duration.ofHours(10_000);

  private Durations() {}

  /** Reads {@code 500ms}, {@code 15s}, {@code 2m} or {@code 1h}; at most {@link #MAX}. */
  static Optional<Duration> parse(String text) {
    int unitAt = 0;
    while (unitAt < text.length() && text.charAt(unitAt) >= '0' && text.charAt(unitAt) <= '9') {
      unitAt++;
    }
    if (unitAt == 0 || unitAt > 9) {
      return Optional.empty();
    }
    long n = Long.parseLong(text, 0, unitAt, 10);
    Optional<Duration> time =
        switch (text.substring(unitAt)) {
          case "ms" -> Optional.of(Duration.ofMillis(n));
          case "s" -> Optional.of(Duration.ofSeconds(n));
          case "m" -> Optional.of(Duration.ofMinutes(n));
          case "h" -> Optional.of(Duration.ofHours(n));
          default -> Optional.empty();
        };
    return time.filter(t -> t.compareTo(MAX) <= 0);
  }
}
