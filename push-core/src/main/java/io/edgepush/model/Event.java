package io.edgepush.model;

import java.util.Objects;

/**
 * A stored event.
 *
 * @param id partition and position
 * @param prev the position of the event before it on the same topic, or, where that is no longer
 *     known, a position that is not before it: all events of the topic between {@code prev} and
 *     this one are known not to exist
 * @param topic where it was published
 * @param content what it says
 */
public record Event(EventId id, Position prev, Topic topic, Content content) {
  /** Rejects nulls. */
  public Event {
    Objects.requireNonNull(id);
    Objects.requireNonNull(prev);
    Objects.requireNonNull(topic);
    Objects.requireNonNull(content);
  }

  /** The same without its data, to be kept where a frame has them already. */
  public Event withoutData() {
    return new Event(id, prev, topic, content.withoutData());
  }

  /** Where it stands in its partition. */
  public Position position() {
    return id.position();
  }
}
