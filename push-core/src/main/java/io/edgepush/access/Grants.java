package io.edgepush.access;

import io.edgepush.model.Topic;
import io.edgepush.model.TopicPattern;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What somebody may do with which topics. Immutable.
 *
 * @param patterns the topics by what may be done with them; an action that is absent is not
 *     permitted anywhere
 */
public record Grants(Map<Action, List<TopicPattern>> patterns) {
  /** Nothing at all. */
  public static final Grants NONE = new Grants(Map.of());

  /** Copies the lists. */
  public Grants {
    EnumMap<Action, List<TopicPattern>> copy = new EnumMap<>(Action.class);
    patterns.forEach((action, list) -> copy.put(action, List.copyOf(list)));
    patterns = Collections.unmodifiableMap(copy);
  }

  /** Whether the action is permitted with any topic. */
  public boolean permit(Action action) {
    return patterns.containsKey(action) && !patterns.get(action).isEmpty();
  }

  /** Whether the action is permitted with the topic. */
  public boolean permit(Action action, Topic topic) {
    List<TopicPattern> granted = patterns.get(action);
    if (granted == null) {
      return false;
    }
    for (TopicPattern pattern : granted) {
      if (pattern.matches(topic)) {
        return true;
      }
    }
    return false;
  }
}
