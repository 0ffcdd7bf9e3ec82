package io.edgepush.service.redis;

import io.edgepush.backplane.Attached;
import io.edgepush.backplane.BackplaneException;
import io.edgepush.model.Event;
import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What a {@link PartitionFeed} is told. */
sealed interface FeedInput {

  /** What came over the subscribing connection, or happened to it; kept in this order. */
  sealed interface Live extends FeedInput {}

  /** The topic's channel is subscribed. The ticket is that of {@link FeedRequest.Subscribe}. */
  record Subscribed(Topic topic, long ticket) implements Live {}

  /** The topic's channel was not subscribed. */
  record Refused(Topic topic, long ticket, BackplaneException why) implements Live {}

  /** The server ended the topic's subscription. */
  record Unsubscribed(Topic topic) implements Live {}

  /** A message on a topic's channel. */
  record Message(Topic topic, byte[] payload) implements Live {}

  /** A message on this node's channel. */
  record NodeMessage(byte[] payload) implements Live {}

  /** The connection was lost; all channels are being subscribed again. */
  record Disconnected() implements Live {}

  /** Messages were dropped here. */
  record Dropped() implements Live {}

  /** Someone wants the topic, and an answer by the deadline. */
  record Attach(Topic topic, CompletableFuture<Attached> answer, long deadline)
      implements FeedInput {}

  /** Nobody wants the topic any more. */
  record Detach(Topic topic) implements FeedInput {}

  /** A {@link FeedRequest.Mark} was answered: the mark is on its way, or failed. */
  record MarkAnswered(FeedRequest.Mark request, Optional<BackplaneException> failure)
      implements FeedInput {}

  /**
   * A {@link FeedRequest.Read} was answered.
   *
   * @param upTo how far was read, in the store's epoch
   * @param events what was found, in order; those that cannot be read are left out
   * @param more whether there are more behind {@code upTo}
   */
  record Page(FeedRequest.Read request, Position upTo, List<Event> events, boolean more)
      implements FeedInput {}

  /** A {@link FeedRequest.Read} failed. */
  record ReadFailed(FeedRequest.Read request, BackplaneException why) implements FeedInput {}

  /** Time went on, by {@link System#nanoTime()}. */
  record Tick(long now) implements FeedInput {}

  /**
   * A mark: at this place of the live input the head was there, and the last positions of these
   * topics.
   *
   * @param ended up to where the epoch before survived, if there was one
   */
  record Mark(int round, Position head, Optional<Position> ended, List<Last> topics) {
    Mark(int round, Position head, List<Last> topics) {
      this(round, head, Optional.empty(), topics);
    }
  }

  /** A topic's last position, or a bound of it. */
  record Last(Topic topic, Position position) {}
}
