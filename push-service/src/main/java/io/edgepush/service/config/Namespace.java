package io.edgepush.service.config;

import io.edgepush.hub.Overflow;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import io.edgepush.model.TopicPattern;
import java.util.List;

/**
 * What holds for the topics of some patterns.
 *
 * @param name names it
 * @param patterns which topics belong to it
 * @param anonymousSubscribe whether anybody may subscribe them
 * @param retention what can be replayed
 * @param overflow what becomes of events that a connection can not take in time
 */
public record Namespace(
    String name,
    List<TopicPattern> patterns,
    boolean anonymousSubscribe,
    Retention retention,
    Overflow overflow) {
  /** Copies the list. */
  public Namespace {
    patterns = List.copyOf(patterns);
  }

  boolean contains(Topic topic) {
    for (TopicPattern pattern : patterns) {
      if (pattern.matches(topic)) {
        return true;
      }
    }
    return false;
  }
}
