package io.edgepush.service.config;

import io.edgepush.model.Topic;
import java.util.List;

/**
 * The namespaces in the order in which they are asked.
 *
 * @param named the configured ones
 * @param fallback catches the rest
 */
public record Namespaces(List<Namespace> named, Namespace fallback) {
  /** Copies the list. */
  public Namespaces {
    named = List.copyOf(named);
  }

  /** The first namespace that a topic belongs to. */
  public Namespace of(Topic topic) {
    for (Namespace namespace : named) {
      if (namespace.contains(topic)) {
        return namespace;
      }
    }
    return fallback;
  }

  /** Whether any topic is open to everybody. */
  public boolean anyOpen() {
    return fallback.anonymousSubscribe() || named.stream().anyMatch(Namespace::anonymousSubscribe);
  }
}
