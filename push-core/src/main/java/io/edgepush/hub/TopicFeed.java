package io.edgepush.hub;

import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** A topic that this node has attached, and who subscribed it. Guarded by its partition's lock. */
final class TopicFeed {
  final Topic topic;
  final PartitionState partition;

  /** Completes once the topic is live on this node. */
  final CompletableFuture<Void> attached = new CompletableFuture<>();

  /** The position of the topic's last event, or an upper bound of it; null until attached. */
  Position last;

  /** Subscriptions that exist or are on their way; at 0 the topic may be detached. */
  int users;

  /**
   * Counts up whenever the users fall to 0, so that a late timer sees that it came for an earlier
   * time.
   */
  int idleCount;

  /** What becomes of its events that a connection can not take in time. */
  volatile Overflow overflow = Overflow.DISCONNECT;

  private Subscription[] subscriptions = new Subscription[2];
  private int count;

  TopicFeed(Topic topic, PartitionState partition) {
    this.topic = topic;
    this.partition = partition;
  }

  /** Takes note of the last event's position; an earlier one of the same epoch is no news. */
  void knowLast(Position position) {
    if (last == null || !last.sameEpoch(position) || position.isAfter(last)) {
      last = position;
    }
  }

  void add(Subscription subscription) {
    if (count == subscriptions.length) {
      subscriptions = Arrays.copyOf(subscriptions, count * 2);
    }
    subscription.index = count;
    subscriptions[count++] = subscription;
  }

  /** Removes in constant time: the last one takes its place. */
  void remove(Subscription subscription) {
    Subscription moved = subscriptions[--count];
    subscriptions[subscription.index] = moved;
    moved.index = subscription.index;
    subscriptions[count] = null;
    if (count < subscriptions.length / 4) {
      subscriptions = Arrays.copyOf(subscriptions, Math.max(2, subscriptions.length / 2));
    }
  }

  int count() {
    return count;
  }

  Subscription get(int i) {
    return subscriptions[i];
  }
}
