package io.edgepush.backplane;

import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.util.Objects;

/**
 * A topic is live.
 *
 * @param topic the topic
 * @param head the partition's position at that moment: later events lie behind it
 * @param last the position of the topic's last event (or an upper bound of it, where it is no
 *     longer known), the start of the epoch when there was none
 */
public record Attached(Topic topic, Position head, Position last) {
  /** Rejects nulls and positions of two epochs. */
  public Attached {
    Objects.requireNonNull(topic);
    if (!head.sameEpoch(last)) {
      throw new IllegalArgumentException("head and last are of one epoch");
    }
  }
}
