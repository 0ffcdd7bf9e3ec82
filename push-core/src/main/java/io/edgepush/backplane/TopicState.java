package io.edgepush.backplane;

import io.edgepush.model.EventId;
import io.edgepush.model.Topic;

/**
 * What is known of a topic.
 *
 * @param topic the topic
 * @param last the id of its last event (or an upper bound of it, where it is no longer known), of
 *     the start of the epoch when there was none
 * @param retained how many events can be replayed
 */
public record TopicState(Topic topic, EventId last, long retained) {}
