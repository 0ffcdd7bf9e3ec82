package io.edgepush.hub;

import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a node knows of one partition: its topics and how far it has come. {@link #lock} guards
 * everything but reads of {@link #head}; under it frames are appended to outboxes, and nothing
 * waits.
 */
final class PartitionState implements CursorSource {
  final int number;
  final ReentrantLock lock = new ReentrantLock();
  final Map<Topic, TopicFeed> topics = new HashMap<>();

  /**
   * Everything up to here was appended to the outboxes of all who are live. Null until the first
   * topic was attached. Written under the lock, after the appending, so that whoever reads it
   * without the lock never runs ahead.
   */
  private volatile Position head;

  PartitionState(int number) {
    this.number = number;
  }

  @Override
  public int partition() {
    return number;
  }

  @Override
  public Position position() {
    return head;
  }

  /** Moves the head on; a position of another epoch replaces it. */
  void advance(Position position) {
    Position old = head;
    if (old == null || !old.sameEpoch(position) || position.isAfter(old)) {
      head = position;
    }
  }
}
