package io.edgepush.service.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgepush.model.Cursor;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Gap;
import io.edgepush.model.Problem;
import io.edgepush.model.Publication;
import io.edgepush.model.Topic;
import io.edgepush.service.input.HttpAnswer;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.Frame;
import io.edgepush.wire.PublicationReader;
import io.edgepush.wire.ServerMessage;
import io.edgepush.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;

/** Reads what the service says into the values that it says it from, as a client's author would. */
final class ServerMessageReader {
  private ServerMessageReader() {}

  /** The same message, or event, encoded by the service. */
  static Frame encoded(String json, WireFormat format) {
    JsonNode node = HttpAnswer.read(json);
    return node.path("type").asText().equals("event") && node.has("event")
        ? format.encode(event(node.path("event").toString()))
        : format.encode(message(node));
  }

  /** An event object. */
  static Event event(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    Publication read = PublicationReader.readEvent(bytes, 0, bytes.length);
    EventId id = EventId.parse(HttpAnswer.read(json).path("id").asText());
    return new Event(id, id.position().before(), read.topic(), read.content());
  }

  /** A gap object. */
  static Gap gap(JsonNode m) {
    Gap.Reason reason =
        Arrays.stream(Gap.Reason.values())
            .filter(r -> r.slug().equals(m.path("reason").asText()))
            .findFirst()
            .orElseThrow();
    return new Gap(
        new Topic(m.path("topic").asText()),
        EventId.parse(m.path("from").asText()),
        EventId.parse(m.path("to").asText()),
        reason);
  }

  private static ServerMessage message(JsonNode m) {
    long ref = m.path("ref").asLong(ServerMessage.NO_REF);
    return switch (m.path("type").asText()) {
      case "welcome" ->
          new ServerMessage.Welcome(
              m.path("session").asText(), m.path("heartbeatMs").asLong(), cursor(m));
      case "subscribed" -> new ServerMessage.Subscribed(ref, topics(m), cursor(m));
      case "unsubscribed" ->
          new ServerMessage.Unsubscribed(ref, topics(m), m.path("reason").asText());
      case "token-expiring" -> new ServerMessage.TokenExpiring(m.path("expiresInMs").asLong());
      case "gap" -> new ServerMessage.Gap(gap(m));
      case "ack" ->
          m.has("id")
              ? new ServerMessage.PublishAck(
                  ref, EventId.parse(m.path("id").asText()), m.path("duplicate").asBoolean())
              : new ServerMessage.Ack(ref);
      case "error" ->
          m.has("close")
              ? new ServerMessage.Closing(closeReason(m.path("code").asText()))
              : new ServerMessage.Refused(ref, problem(m), m.path("topic").asText());
      case "heartbeat" -> new ServerMessage.Heartbeat(cursor(m));
      case "reconnect" ->
          new ServerMessage.Reconnect(
              m.path("delayMs").asLong(), closeReason(m.path("reason").asText()));
      default -> throw new AssertionError("unknown: " + m);
    };
  }

  private static Problem problem(JsonNode m) {
    Problem.Code code =
        Arrays.stream(Problem.Code.values())
            .filter(c -> c.slug().equals(m.path("code").asText()))
            .findFirst()
            .orElseThrow();
    return new Problem(
        code,
        m.path("message").asText(),
        m.path("field").asText(),
        m.path("retryAfterMs").asLong());
  }

  private static CloseReason closeReason(String slug) {
    return Arrays.stream(CloseReason.values())
        .filter(r -> r.slug().equals(slug))
        .findFirst()
        .orElseThrow();
  }

  private static List<Topic> topics(JsonNode m) {
    return StreamSupport.stream(m.path("topics").spliterator(), false)
        .map(t -> new Topic(t.asText()))
        .toList();
  }

  private static Cursor cursor(JsonNode m) {
    return Cursor.parse(m.path("cursor").asText());
  }
}
