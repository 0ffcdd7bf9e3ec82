package io.edgepush.hub.client;

import io.edgepush.model.Cursor;
import io.edgepush.model.EventId;
import io.edgepush.model.Topic;
import java.util.Map;

/** What the service said to a subscriber, whatever the transport. */
public sealed interface Message {
  /**
   * An event.
   *
   * @param id its id
   * @param topic its topic
   * @param data as {@link Json} reads it
   * @param members all members of the event object
   */
  record Event(EventId id, Topic topic, Object data, Map<String, Object> members)
      implements Message {}

  /**
   * A gap.
   *
   * @param topic the topic concerned
   * @param from events after this one
   * @param to up to and including this one
   * @param reason as it is on the wire
   */
  record Gap(Topic topic, EventId from, EventId to, String reason) implements Message {}

  /**
   * Anything else.
   *
   * @param type the message's type
   * @param members all members
   */
  record Notice(String type, Map<String, Object> members) implements Message {
    /** The cursor that it carries; empty when it carries none. */
    public Cursor cursor() {
      return Cursor.parse(Json.string(members, "cursor"));
    }

    /** A number that it carries. */
    public long number(String name) {
      return (Long) members.get(name);
    }
  }

  /** A message of WebSocket or SSE, by its type. */
  static Message of(Map<String, Object> json) {
    String type = Json.string(json, "type");
    return switch (type) {
      case "event" -> event(Json.asObject(json.get("event")));
      case "gap" -> gap(json);
      default -> new Notice(type, json);
    };
  }

  /** An event object. */
  static Event event(Map<String, Object> json) {
    return new Event(
        EventId.parse(Json.string(json, "id")),
        new Topic(Json.string(json, "topic")),
        json.get("data"),
        json);
  }

  /** A gap object. */
  static Gap gap(Map<String, Object> json) {
    return new Gap(
        new Topic(Json.string(json, "topic")),
        EventId.parse(Json.string(json, "from")),
        EventId.parse(Json.string(json, "to")),
        Json.string(json, "reason"));
  }
}
