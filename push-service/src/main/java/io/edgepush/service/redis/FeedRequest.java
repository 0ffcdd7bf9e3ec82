package io.edgepush.service.redis;

import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.util.List;

/**
 * What a {@link PartitionFeed} asks for. Each is done without waiting; answers come as {@link
 * FeedInput}.
 */
sealed interface FeedRequest {

  /** Subscribe the topic's channel. */
  record Subscribe(Topic topic, long ticket) implements FeedRequest {}

  /** Unsubscribe it. */
  record Unsubscribe(Topic topic) implements FeedRequest {}

  /** Put a mark with these topics into the live input. */
  record Mark(int round, List<Topic> topics) implements FeedRequest {}

  /** Read retained events behind a position, at most so many and so many bytes; at least one. */
  record Read(int round, Topic topic, Position after, int limit, int bytes)
      implements FeedRequest {}
}
