package io.edgepush.service.redis;

import io.edgepush.backplane.Replay;
import io.edgepush.backplane.TopicState;
import io.edgepush.model.Content;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Position;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Calls the scripts that read, and the one that puts marks into the live input. */
final class TopicReader {
  private static final int PAGE_BYTES = 1 << 20;
  private static final int LATEST_BYTES = 8 << 20;

  private final Keys keys;
  private final Lanes lanes;
  private final long timeoutNanos;
  private final Function<Topic, Retention> retention;

  /**
   * What was read of a stream.
   *
   * @param head the partition's head
   * @param last the topic's last position, or a bound of it
   * @param upTo how far was read
   * @param events what was read, without those whose body is of a version that is not known
   * @param broken how many of the events lie before the last of those
   * @param more whether there are more behind {@code upTo}
   */
  record Entries(
      Position head, Position last, Position upTo, List<Event> events, int broken, boolean more) {

    /** The events behind the last one that could not be read, so that a gap shows before them. */
    List<Event> unbroken() {
      return events.subList(broken, events.size());
    }
  }

  TopicReader(Keys keys, Lanes lanes, long timeoutNanos, Function<Topic, Retention> retention) {
    this.keys = keys;
    this.lanes = lanes;
    this.timeoutNanos = timeoutNanos;
    this.retention = retention;
  }

  /** Reads behind a position, oldest first; at most so many bytes, but at least one event. */
  CompletableFuture<Entries> behind(Topic topic, Position after, int limit, int bytes) {
    List<byte[]> parameters = read(topic, limit, bytes);
    parameters.add(Keys.bytes(after.epoch()));
    parameters.add(Keys.bytes(after.msSeq()));
    return send(topic, Script.READ, parameters).thenApply(reply -> entries(topic, reply));
  }

  CompletableFuture<Replay> replay(Topic topic, Position after, int limit) {
    int partition = keys.partition(topic);
    return behind(topic, after, limit, PAGE_BYTES)
        .thenApply(
            read -> {
              List<Event> events = read.unbroken();
              return Replay.judged(topic, partition, after, events, read.last(), read.more());
            });
  }

  /** Reads the newest events, oldest first; at most 8 MiB, but at least one event. */
  CompletableFuture<Replay> latest(Topic topic, int limit) {
    int partition = keys.partition(topic);
    return send(topic, Script.READ, read(topic, limit, LATEST_BYTES))
        .thenApply(reply -> entries(topic, reply))
        .thenApply(
            read -> {
              List<Event> events = read.unbroken();
              Position after =
                  events.isEmpty() ? read.head() : events.getFirst().position().before();
              return Replay.judged(topic, partition, after, events, read.last(), false);
            });
  }

  private List<byte[]> read(Topic topic, int limit, int bytes) {
    List<byte[]> parameters = new ArrayList<>(8);
    addKeys(parameters, topic);
    parameters.add(RandomText.epoch());
    parameters.add(number(limit));
    parameters.add(number(bytes));
    parameters.add(number(Policy.ageMs(retention.apply(topic))));
    return parameters;
  }

  CompletableFuture<TopicState> state(Topic topic, boolean purge) {
    List<byte[]> parameters = new ArrayList<>(6);
    addKeys(parameters, topic);
    parameters.add(RandomText.epoch());
    parameters.add(number(Policy.ageMs(retention.apply(topic))));
    if (purge) {
      parameters.add(Keys.bytes("purge"));
    }
    int partition = keys.partition(topic);
    return send(topic, Script.STATE, parameters)
        .thenApply(
            reply -> {
              List<?> parts = (List<?>) reply;
              Position last = Position.of(text(parts.get(0)), text(parts.get(1)));
              return new TopicState(topic, new EventId(partition, last), (Long) parts.get(2));
            });
  }

  /**
   * Puts a mark with topics of a partition into a node's channel; completes when it is on its way.
   */
  CompletableFuture<Object> mark(int partition, String channel, FeedRequest.Mark mark) {
    List<byte[]> parameters = new ArrayList<>();
    parameters.add(keys.clock(partition));
    mark.topics().forEach(topic -> parameters.add(keys.last(partition, topic)));
    int names = parameters.size();
    parameters.add(RandomText.epoch());
    parameters.add(Keys.bytes(channel));
    parameters.add(number(mark.round()));
    mark.topics().forEach(topic -> parameters.add(Keys.bytes(topic.name())));
    return lanes.send(
        partition,
        Command.call(Script.ATTACH, names, parameters, System.nanoTime() + timeoutNanos));
  }

  private void addKeys(List<byte[]> parameters, Topic topic) {
    int partition = keys.partition(topic);
    parameters.add(keys.clock(partition));
    parameters.add(keys.stream(partition, topic));
    parameters.add(keys.last(partition, topic));
  }

  private CompletableFuture<Object> send(Topic topic, Script script, List<byte[]> parameters) {
    return lanes.send(
        keys.partition(topic),
        Command.call(script, 3, parameters, System.nanoTime() + timeoutNanos));
  }

  private Entries entries(Topic topic, Object reply) {
    List<?> parts = (List<?>) reply;
    int partition = keys.partition(topic);
    String known = text(parts.get(0));
    Position head = Position.of(known, text(parts.get(1)));
    Position last = Position.of(known, text(parts.get(2)));
    boolean more = (Long) parts.get(3) == 1;
    List<Event> events = new ArrayList<>((parts.size() - 4) / 3);
    int broken = 0;
    Position upTo = last;
    for (int i = 4; i < parts.size(); i += 3) {
      Position position = Position.of(known, text(parts.get(i)));
      Position prev = Position.of(known, text(parts.get(i + 1)));
      Optional<Content> content = EventBody.decode((byte[]) parts.get(i + 2), 0);
      if (content.isPresent()) {
        events.add(new Event(new EventId(partition, position), prev, topic, content.get()));
      } else {
        broken = events.size();
      }
      upTo = position;
    }
    return new Entries(head, last, upTo, events, broken, more);
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.US_ASCII);
  }

  private static byte[] number(long value) {
    return Keys.bytes(Long.toString(value));
  }
}
