package io.edgepush.service.redis;

import io.edgepush.model.Content;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One partition as the scripts keep it, and all that was ever published to it. */
final class SimulatedStore {
  private int epochs;
  private Position head;
  private Optional<Position> ended = Optional.empty();
  private Position since = Position.start("e0");
  private final Map<Topic, Position> lasts = new HashMap<>();
  private final Map<Topic, List<Event>> streams = new HashMap<>();
  private final Map<Topic, List<Position>> history = new HashMap<>();

  SimulatedStore() {
    forgetAll();
  }

  /** Begins a new epoch without data. */
  void forgetAll() {
    epochs++;
    head = Position.start("e" + epochs);
    ended = Optional.empty();
    since = head;
    lasts.clear();
    streams.clear();
  }

  /** A replica takes over that did not get the last positions. */
  void failOver(int missed) {
    Position end =
        history.values().stream()
            .flatMap(List::stream)
            .filter(p -> p.sameEpoch(head) && p.isAfter(since(head.epoch())))
            .sorted((a, b) -> a.isAfter(b) ? -1 : 1)
            .skip(missed)
            .findFirst()
            .orElse(since(head.epoch()));
    streams
        .values()
        .forEach(s -> s.removeIf(e -> e.position().sameEpoch(end) && e.position().isAfter(end)));
    epochs++;
    since = end;
    ended = Optional.of(end);
    head = new Position("e" + epochs, end.ms(), end.seq());
    lasts.clear();
  }

  /** Behind what an epoch began, by the numbers of another one. */
  private Position since(String epoch) {
    return new Position(epoch, since.ms(), since.seq());
  }

  /** Stores an event, unless the topic keeps none, and returns its message. */
  byte[] publish(Topic topic, boolean keeps) {
    head = head.next(head.ms() + (head.seq() > 1 ? 1 : 0));
    Event event =
        new Event(new EventId(0, head), last(topic), topic, Content.json(bytes(head.toString())));
    lasts.put(topic, head);
    history.computeIfAbsent(topic, _ -> new ArrayList<>()).add(head);
    if (keeps) {
      streams.computeIfAbsent(topic, _ -> new ArrayList<>()).add(event);
    }
    return message(event.position(), event.prev(), EventBody.encode(event.content()));
  }

  static byte[] message(Position position, Position prev, byte[] body) {
    byte[] head = bytes(position.epoch() + " " + position.msSeq() + " " + prev.msSeq() + " ");
    byte[] message = new byte[head.length + body.length];
    System.arraycopy(head, 0, message, 0, head.length);
    System.arraycopy(body, 0, message, head.length, body.length);
    return message;
  }

  Position last(Topic topic) {
    return lasts.getOrDefault(topic, Position.start(head.epoch()));
  }

  Position head() {
    return head;
  }

  /** Drops the older half of a topic's events. */
  void trim(Topic topic) {
    List<Event> stream = streams.getOrDefault(topic, new ArrayList<>());
    stream.subList(0, (stream.size() + 1) / 2).clear();
  }

  byte[] mark(FeedRequest.Mark mark) {
    StringBuilder text =
        new StringBuilder("@" + mark.round() + " " + head.epoch() + " " + head.msSeq());
    ended.ifPresent(end -> text.append(' ').append(end.epoch()).append(' ').append(end.msSeq()));
    mark.topics()
        .forEach(topic -> text.append('\n').append(topic).append(' ').append(last(topic).msSeq()));
    return bytes(text.toString());
  }

  FeedInput.Page read(FeedRequest.Read read, int most) {
    List<Event> survived =
        streams.getOrDefault(read.topic(), List.of()).stream()
            .filter(e -> e.position().sameEpoch(read.after()) && !read.after().sameEpoch(head))
            .filter(e -> e.position().isAfter(read.after()))
            .filter(e -> ended.filter(end -> end.sameEpoch(e.position())).isPresent())
            .limit(most)
            .toList();
    if (!survived.isEmpty()) {
      return new FeedInput.Page(read, survived.getLast().position(), survived, true);
    }
    List<Event> found =
        streams.getOrDefault(read.topic(), List.of()).stream()
            .filter(e -> e.position().sameEpoch(head))
            .filter(e -> !read.after().sameEpoch(head) || e.position().isAfter(read.after()))
            .toList();
    List<Event> page = found.subList(0, Math.min(most, found.size()));
    Position upTo = page.isEmpty() ? last(read.topic()) : page.getLast().position();
    return new FeedInput.Page(read, upTo, List.copyOf(page), page.size() < found.size());
  }

  /** Whether an event of the topic, of any time, lies behind one position and up to another one. */
  boolean published(Topic topic, Position after, Position upTo) {
    return history.getOrDefault(topic, List.of()).stream()
        .anyMatch(p -> later(p, after) && !later(p, upTo));
  }

  /** Whether a position came later than another one, in whatever epoch. */
  static boolean later(Position a, Position b) {
    int epochA = Integer.parseInt(a.epoch().substring(1));
    int epochB = Integer.parseInt(b.epoch().substring(1));
    return epochA != epochB ? epochA > epochB : a.isAfter(b);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
