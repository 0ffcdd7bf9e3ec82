package io.edgepush.service.redis;

/**
 * What the Redis backplane did since its start, and what it holds now.
 *
 * @param commands scripts called
 * @param resent scripts called again after a connection was lost
 * @param timeouts scripts whose time was over before an answer came
 * @param overloads calls refused because too much was under way
 * @param connects connections made
 * @param losses connections lost
 * @param received messages received
 * @param dropped messages dropped because delivery did not keep up; they are read again from the
 *     stream
 * @param duplicates events dropped because they were delivered before
 * @param catchUps how often a partition caught up what was missed
 * @param gaps gaps announced
 * @param renewals times that the slot map was read, or sentinels told the master
 * @param switches times that it was another master
 * @param epochs epochs that this node began because a server had taken over
 * @param publishing connections that publish
 * @param reading connections that read
 * @param subscribing connections that receive
 * @param commandBytes bytes of commands not yet answered
 * @param feedBytes bytes of messages received but not yet delivered
 * @param attached topics attached
 */
public record RedisStatistics(
    long commands,
    long resent,
    long timeouts,
    long overloads,
    long connects,
    long losses,
    long received,
    long dropped,
    long duplicates,
    long catchUps,
    long gaps,
    long renewals,
    long switches,
    long epochs,
    long publishing,
    long reading,
    long subscribing,
    long commandBytes,
    long feedBytes,
    long attached) {}
