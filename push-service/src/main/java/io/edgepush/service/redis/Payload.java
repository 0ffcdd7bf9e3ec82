package io.edgepush.service.redis;

import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A message as it comes over a channel: {@code epoch ms-seq prev-ms-seq body}.
 *
 * @param position where the event stands
 * @param prev where its predecessor stands
 * @param bytes the message
 * @param body where the body begins
 */
record Payload(Position position, Position prev, byte[] bytes, int body) {
  private static final byte MARK = '@';

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException when it is not one
   */
  static Payload parse(byte[] bytes) {
    int epochEnd = space(bytes, 0);
    int idEnd = space(bytes, epochEnd + 1);
    int prevEnd = space(bytes, idEnd + 1);
    String epoch = text(bytes, 0, epochEnd);
    Position position = Position.of(epoch, text(bytes, epochEnd + 1, idEnd));
    Position prev = Position.of(epoch, text(bytes, idEnd + 1, prevEnd));
    return new Payload(position, prev, bytes, prevEnd + 1);
  }

  private static int space(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length && bytes[at] != ' ') {
      at++;
    }
    if (at == bytes.length) {
      throw new IllegalArgumentException("not a message");
    }
    return at;
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** The event; empty when the body is of a version that is not known. */
  Optional<Event> event(int partition, Topic topic) {
    return EventBody.decode(bytes, body)
        .map(content -> new Event(new EventId(partition, position), prev, topic, content));
  }

  /** The body as text. */
  String bodyText() {
    return new String(bytes, body, bytes.length - body, StandardCharsets.UTF_8);
  }

  /** Whether a message on a node's channel is a mark, not an event. */
  static boolean isMark(byte[] bytes) {
    return bytes.length > 0 && bytes[0] == MARK;
  }

  /**
   * Reads a mark: {@code @round epoch head}, and the epoch before and its end if there was one;
   * then a line {@code topic last} for each topic.
   *
   * @throws RuntimeException when it is not one
   */
  static FeedInput.Mark mark(byte[] bytes) {
    String[] lines =
        new String(bytes, 1, bytes.length - 1, StandardCharsets.US_ASCII).split("\n", -1);
    String[] first = lines[0].split(" ", -1);
    String epoch = first[1];
    List<FeedInput.Last> topics = new ArrayList<>(lines.length - 1);
    for (int i = 1; i < lines.length; i++) {
      int space = lines[i].indexOf(' ');
      Position last = Position.of(epoch, lines[i].substring(space + 1));
      topics.add(new FeedInput.Last(new Topic(lines[i].substring(0, space)), last));
    }
    Optional<Position> ended =
        first.length > 3 ? Optional.of(Position.of(first[3], first[4])) : Optional.empty();
    return new FeedInput.Mark(
        Integer.parseInt(first[0]), Position.of(epoch, first[2]), ended, topics);
  }
}
