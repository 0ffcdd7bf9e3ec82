package io.edgepush.service.shedding;

import java.util.Locale;

/** How much a node sheds. Each step sheds what those before it do, too. */
public enum Step {
  /** Nothing. */
  NONE("everything is served"),
  /** New connections of the public port are refused. */
  CONNECTIONS("new connections are refused"),
  /** Namespaces that sample send fewer samples. */
  SAMPLES("new connections are refused, and fewer samples are sent"),
  /** Publishes are refused. */
  PUBLISHES("new connections and publishes are refused, and fewer samples are sent");

  private static final Step[] ALL = values();

  private final String description;

  Step(String description) {
    this.description = description;
  }

  /** The name in metrics. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it means, for logs and health. */
  public String description() {
    return description;
  }

  /** Whether what this step is named for is shed at another one. */
  boolean isReachedBy(Step other) {
    return ordinal() <= other.ordinal();
  }

  Step next() {
    return ALL[Math.min(ordinal() + 1, ALL.length - 1)];
  }

  Step previous() {
    return ALL[Math.max(ordinal() - 1, 0)];
  }
}
