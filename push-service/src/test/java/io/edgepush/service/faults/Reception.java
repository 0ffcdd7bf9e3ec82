package io.edgepush.service.faults;

import io.edgepush.hub.client.Message;
import io.edgepush.hub.client.Recipient;
import io.edgepush.model.Cursor;
import io.edgepush.model.EventId;
import io.edgepush.model.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What one client got over all its connections, and its cursor. It drops what docs/PROTOCOL.md has
 * a client drop. Written by the client's thread, read by any.
 */
final class Reception implements Recipient {
  private final Map<Topic, TopicReception> topics = new HashMap<>();
  private final Consumer<Message.Notice> notices;
  private Cursor cursor = Cursor.EMPTY;

  /**
   * Nothing came yet.
   *
   * @param notices is told of everything that is no event and no gap
   */
  Reception(Collection<Topic> topics, Consumer<Message.Notice> notices) {
    topics.forEach(topic -> this.topics.put(topic, new TopicReception()));
    this.notices = notices;
  }

  synchronized void connected() {
    topics.values().forEach(TopicReception::connected);
  }

  @Override
  public synchronized void answered() {
    connected();
  }

  @Override
  public void hear(Message message) {
    switch (message) {
      case Message.Event event -> event(event);
      case Message.Gap gap -> gap(gap);
      case Message.Notice notice -> notices.accept(notice);
    }
  }

  private synchronized void event(Message.Event event) {
    topic(event.topic()).event(event.id(), (Long) event.data());
  }

  private synchronized void gap(Message.Gap gap) {
    topic(gap.topic()).gap(gap);
  }

  private TopicReception topic(Topic name) {
    TopicReception topic = topics.get(name);
    if (topic == null) {
      throw new AssertionError("a topic that was not subscribed: " + name);
    }
    return topic;
  }

  @Override
  public synchronized void advance(Cursor carried) {
    carried
        .positions()
        .forEach(
            (partition, position) -> cursor = cursor.advancedTo(new EventId(partition, position)));
  }

  @Override
  public synchronized void replace(Cursor carried) {
    cursor = carried;
  }

  synchronized Cursor cursor() {
    return cursor;
  }

  /** How many events it has accepted. */
  synchronized long accepted() {
    return topics.values().stream().mapToLong(TopicReception::accepted).sum();
  }

  /** Whether everything that is stored came, or what is behind it. */
  synchronized boolean upToDate(Ledger ledger) {
    return topics.entrySet().stream()
        .allMatch(t -> t.getValue().next() >= ledger.count(t.getKey()));
  }

  /** The topics whose last events have not come. */
  synchronized List<String> behind(Ledger ledger) {
    List<String> behind = new ArrayList<>();
    topics.forEach(
        (name, topic) -> {
          if (topic.next() < ledger.count(name)) {
            behind.add(name + " " + topic.next() + " of " + ledger.count(name));
          }
        });
    return behind;
  }

  /** Adds what is to be said of it. */
  synchronized void judge(Ledger ledger, Findings findings) {
    topics.forEach((name, topic) -> topic.judge(name, ledger, findings));
  }
}
