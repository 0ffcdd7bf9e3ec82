package io.edgepush.service.redis;

import io.edgepush.backplane.BackplaneException;
import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The topics of a {@link PartitionFeed}: which are attached, which need a mark, for which someone
 * waits.
 */
final class Attachments {
  private static final int TOPICS_PER_MARK = 100;
  private static final int MOST_MARKS = 4;

  private final Consumer<FeedRequest> requests;
  private final Map<Topic, Attachment> topics = new LinkedHashMap<>();
  private final Set<Attachment> toMark = new LinkedHashSet<>();
  private final Set<Attachment> awaited = new LinkedHashSet<>();
  private int marking;
  private long tickets;

  Attachments(Consumer<FeedRequest> requests) {
    this.requests = requests;
  }

  int size() {
    return topics.size();
  }

  Optional<Attachment> find(Topic topic) {
    return Optional.ofNullable(topics.get(topic));
  }

  boolean has(Attachment topic) {
    return topics.get(topic.topic()) == topic;
  }

  /** All of them, as of now. */
  List<Attachment> all() {
    return List.copyOf(topics.values());
  }

  List<Attachment> established() {
    return topics.values().stream().filter(Attachment::established).toList();
  }

  boolean anyEstablished() {
    return topics.values().stream().anyMatch(Attachment::established);
  }

  /** Someone wants a topic: it is subscribed if it is new, marked at once if it is subscribed. */
  void add(FeedInput.Attach attach) {
    Attachment topic = topics.get(attach.topic());
    if (topic == null) {
      topic = new Attachment(attach.topic(), ++tickets);
      topics.put(attach.topic(), topic);
      subscribe(topic);
    }
    topic.await(attach.answer(), attach.deadline());
    awaited.add(topic);
    if (topic.subscribed()) {
      toMark.add(topic);
    }
  }

  void subscribe(Attachment topic) {
    requests.accept(new FeedRequest.Subscribe(topic.topic(), topic.ticket()));
  }

  void remove(Attachment topic) {
    topics.remove(topic.topic());
    toMark.remove(topic);
    awaited.remove(topic);
    requests.accept(new FeedRequest.Unsubscribe(topic.topic()));
  }

  void answer(Attachment topic, Position head, Position last) {
    awaited.remove(topic);
    topic.answer(head, last);
  }

  void fail(Attachment topic, BackplaneException why) {
    awaited.remove(topic);
    topic.fail(why);
  }

  /** Fails those who wait for too long, and returns the topics that nobody waits for any more. */
  List<Attachment> expire(long now) {
    List<Attachment> given = new ArrayList<>();
    BackplaneException late =
        new BackplaneException("the topic was not attached in time", null, false, 1_000);
    for (Attachment topic : List.copyOf(awaited)) {
      topic.expire(now, late);
      if (!topic.awaited()) {
        awaited.remove(topic);
        given.add(topic);
      }
    }
    return given;
  }

  /** A mark is due for these topics and no others. */
  void markOnly(Collection<Attachment> due) {
    toMark.clear();
    mark(due);
  }

  /** A mark is due for these topics, those of them that are subscribed. */
  void mark(Collection<Attachment> due) {
    due.stream().filter(Attachment::subscribed).forEach(toMark::add);
  }

  /** A mark was answered. */
  void marked() {
    marking--;
  }

  /** Asks for the marks that are due, many topics in one. */
  void flush(int round) {
    while (marking < MOST_MARKS && !toMark.isEmpty()) {
      List<Attachment> due = toMark.stream().limit(TOPICS_PER_MARK).toList();
      due.forEach(toMark::remove);
      marking++;
      requests.accept(new FeedRequest.Mark(round, due.stream().map(Attachment::topic).toList()));
    }
  }

  /** Fails all who wait. */
  void close() {
    topics.values().forEach(topic -> topic.fail(Faults.closed()));
    topics.clear();
  }
}
