package io.edgepush.hub.client;

import io.edgepush.model.Cursor;
import io.edgepush.model.EventId;
import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one subscriber knows over all its connections, as docs/PROTOCOL.md has a client behave: it
 * keeps one cursor, and drops an event whose id is not behind the last one it has of that topic in
 * the same epoch. Safe for any thread.
 */
public final class ClientView implements Recipient {
  private final List<Message> connection = new ArrayList<>();
  private final List<Message.Event> accepted = new ArrayList<>();
  private final List<Message.Event> dropped = new ArrayList<>();
  private final List<Message.Gap> gaps = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private final Map<Topic, Position> last = new HashMap<>();
  private final Map<Topic, Position> lastOfConnection = new HashMap<>();
  private Cursor cursor = Cursor.EMPTY;
  private int eventsLeft = Integer.MAX_VALUE;

  /** A new connection begins. */
  public void connected() {
    connected(Integer.MAX_VALUE);
  }

  /** A new connection begins, of which nothing arrives after so many events. */
  public synchronized void connected(int events) {
    connection.clear();
    lastOfConnection.clear();
    eventsLeft = events;
  }

  @Override
  public synchronized void answered() {
    lastOfConnection.clear();
  }

  /** Whether the connection is cut off: nothing is taken any more. */
  public synchronized boolean cut() {
    return eventsLeft <= 0;
  }

  @Override
  public synchronized void hear(Message message) {
    if (cut()) {
      return;
    }
    connection.add(message);
    switch (message) {
      case Message.Event event -> hear(event);
      case Message.Gap gap -> gaps.add(gap);
      case Message.Notice notice -> {
        if (notice.type().equals("unsubscribed")) {
          Json.list(notice.members(), "topics")
              .forEach(t -> lastOfConnection.remove(new Topic((String) t)));
        }
      }
    }
    notifyAll();
  }

  private void hear(Message.Event event) {
    eventsLeft--;
    Position position = event.id().position();
    Position before = lastOfConnection.put(event.topic(), position);
    if (notBehind(position, before)) {
      violations.add(
          "one connection sent " + event.id() + " of " + event.topic() + " after " + before);
    }
    if (notBehind(position, last.get(event.topic()))) {
      dropped.add(event);
    } else {
      last.put(event.topic(), position);
      accepted.add(event);
    }
  }

  private static boolean notBehind(Position position, Position before) {
    return before != null && before.sameEpoch(position) && !position.isAfter(before);
  }

  @Override
  public synchronized void advance(Cursor carried) {
    if (!cut()) {
      carried
          .positions()
          .forEach(
              (partition, position) ->
                  cursor = cursor.advancedTo(new EventId(partition, position)));
    }
  }

  @Override
  public synchronized void replace(Cursor carried) {
    if (!cut()) {
      cursor = carried;
    }
  }

  /** Where the next connection goes on. */
  public synchronized Cursor cursor() {
    return cursor;
  }

  /** All messages of this connection, in order. */
  public synchronized List<Message> connection() {
    return List.copyOf(connection);
  }

  /** The events of this connection, in order. */
  public List<Message.Event> connectionEvents() {
    return connection().stream()
        .filter(Message.Event.class::isInstance)
        .map(Message.Event.class::cast)
        .toList();
  }

  /** The last notice of a type on this connection. */
  public Optional<Message.Notice> notice(String type) {
    return connection().reversed().stream()
        .filter(m -> m instanceof Message.Notice notice && notice.type().equals(type))
        .map(Message.Notice.class::cast)
        .findFirst();
  }

  /** All events but the dropped ones, over all connections, in the order in which they came. */
  public synchronized List<Message.Event> accepted() {
    return List.copyOf(accepted);
  }

  /** How many events were accepted. */
  public synchronized int count() {
    return accepted.size();
  }

  /** Events that came again, or too late. */
  public synchronized List<Message.Event> dropped() {
    return List.copyOf(dropped);
  }

  /** All gaps, over all connections. */
  public synchronized List<Message.Gap> gaps() {
    return List.copyOf(gaps);
  }

  /** What the service did against the protocol. */
  public synchronized List<String> violations() {
    return List.copyOf(violations);
  }
}
