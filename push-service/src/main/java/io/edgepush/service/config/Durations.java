package io.edgepush.service.config;

import java.time.Duration;
import java.util.Optional;

/** Times as configuration writes them. */
final class Durations {
  private Durations() {}

  /** Reads {@code 500ms}, {@code 15s}, {@code 2m} or {@code 1h}. */
  static Optional<Duration> parse(String text) {
    int unitAt = 0;
    while (unitAt < text.length() && Character.isDigit(text.charAt(unitAt))) {
      unitAt++;
    }
    if (unitAt == 0 || unitAt > 9) {
      return Optional.empty();
    }
    long n = Long.parseLong(text, 0, unitAt, 10);
    return switch (text.substring(unitAt)) {
      case "ms" -> Optional.of(Duration.ofMillis(n));
      case "s" -> Optional.of(Duration.ofSeconds(n));
      case "m" -> Optional.of(Duration.ofMinutes(n));
      case "h" -> Optional.of(Duration.ofHours(n));
      default -> Optional.empty();
    };
  }
}
