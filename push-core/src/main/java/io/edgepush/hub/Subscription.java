package io.edgepush.hub;

/** One session's interest in one topic. Guarded by the topic's partition's lock. */
final class Subscription {
  final Session session;
  final TopicFeed feed;

  /**
   * Where live events wait while the session's replay is under way; null when the subscription is
   * live.
   */
  Held held;

  /** Its place in the topic's list. */
  int index;

  Subscription(Session session, TopicFeed feed, Held held) {
    this.session = session;
    this.feed = feed;
    this.held = held;
  }
}
