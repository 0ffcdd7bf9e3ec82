package io.edgepush.publisher;

import io.edgepush.model.EventId;
import io.edgepush.model.Problem;
import io.edgepush.model.Topic;

/** What became of one event. */
sealed interface Outcome {
  /**
   * It is stored and on its way.
   *
   * @param duplicate whether it had been already
   */
  record Stored(EventId id, Topic topic, boolean duplicate) implements Outcome {}

  /** It was refused, or could not be stored. */
  record Failed(Problem problem) implements Outcome {}
}
