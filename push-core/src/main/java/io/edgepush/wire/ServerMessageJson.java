package io.edgepush.wire;

import io.edgepush.model.Cursor;
import io.edgepush.model.Gap;
import io.edgepush.model.Topic;
import java.util.List;

/** Server messages as the JSON objects of docs/PROTOCOL.md. */
final class ServerMessageJson {
  static final int PROTOCOL_VERSION = 1;

  private ServerMessageJson() {}

  /** The message in UTF-8, without line breaks, {@code type} first. */
  static byte[] encode(ServerMessage message) {
    Utf8Builder out = new Utf8Builder(192).ascii("{\"type\":\"").ascii(type(message)).single('"');
    switch (message) {
      case ServerMessage.Welcome m -> {
        out.ascii(",\"protocol\":")
            .number(PROTOCOL_VERSION)
            .ascii(",\"session\":")
            .quoted(m.session());
        cursor(out.ascii(",\"heartbeatMs\":").number(m.heartbeatMs()), m.cursor());
      }
      case ServerMessage.Subscribed m -> cursor(topics(ref(out, m.ref()), m.topics()), m.cursor());
      case ServerMessage.Unsubscribed m -> {
        topics(ref(out, m.ref()), m.topics());
        if (!m.reason().isEmpty()) {
          out.ascii(",\"reason\":").quoted(m.reason());
        }
      }
      case ServerMessage.TokenExpiring m -> out.ascii(",\"expiresInMs\":").number(m.expiresInMs());
      case ServerMessage.Gap m -> gapMembers(out.single(','), m.gap());
      case ServerMessage.Ack m -> ref(out, m.ref());
      case ServerMessage.PublishAck m -> {
        ref(out, m.ref()).ascii(",\"id\":\"").ascii(m.id().toString()).single('"');
        out.ascii(m.duplicate() ? ",\"duplicate\":true" : "");
      }
      case ServerMessage.Refused m -> refused(ref(out, m.ref()), m);
      case ServerMessage.Closing m ->
          out.ascii(",\"code\":\"")
              .ascii(m.reason().slug())
              .ascii("\",\"message\":")
              .quoted(m.reason().text())
              .ascii(",\"close\":")
              .number(m.reason().code());
      case ServerMessage.Heartbeat m -> cursor(out, m.cursor());
      case ServerMessage.Reconnect m ->
          out.ascii(",\"delayMs\":")
              .number(m.delayMs())
              .ascii(",\"reason\":\"")
              .ascii(m.reason().slug())
              .single('"');
    }
    return out.single('}').toBytes();
  }

  /** The message's {@code type}, also the event type on SSE. */
  static String type(ServerMessage message) {
    return switch (message) {
      case ServerMessage.Welcome _ -> "welcome";
      case ServerMessage.Subscribed _ -> "subscribed";
      case ServerMessage.Unsubscribed _ -> "unsubscribed";
      case ServerMessage.TokenExpiring _ -> "token-expiring";
      case ServerMessage.Gap _ -> "gap";
      case ServerMessage.Ack _, ServerMessage.PublishAck _ -> "ack";
      case ServerMessage.Refused _, ServerMessage.Closing _ -> "error";
      case ServerMessage.Heartbeat _ -> "heartbeat";
      case ServerMessage.Reconnect _ -> "reconnect";
    };
  }

  /** A gap as an object without {@code type}, as long-poll answers and the history have it. */
  static byte[] gapObject(Gap gap) {
    return gapMembers(new Utf8Builder(160).single('{'), gap).single('}').toBytes();
  }

  private static Utf8Builder gapMembers(Utf8Builder out, Gap gap) {
    return out.ascii("\"topic\":\"")
        .ascii(gap.topic().name())
        .ascii("\",\"from\":\"")
        .ascii(gap.from().toString())
        .ascii("\",\"to\":\"")
        .ascii(gap.to().toString())
        .ascii("\",\"reason\":\"")
        .ascii(gap.reason().slug())
        .single('"');
  }

  private static void refused(Utf8Builder out, ServerMessage.Refused m) {
    out.ascii(",\"code\":\"")
        .ascii(m.problem().code().slug())
        .ascii("\",\"message\":")
        .quoted(m.problem().detail());
    if (!m.topic().isEmpty()) {
      out.ascii(",\"topic\":").quoted(m.topic());
    }
    if (!m.problem().field().isEmpty()) {
      out.ascii(",\"field\":").quoted(m.problem().field());
    }
    if (m.problem().retryAfterMs() > 0) {
      out.ascii(",\"retryAfterMs\":").number(m.problem().retryAfterMs());
    }
  }

  private static Utf8Builder ref(Utf8Builder out, long ref) {
    return ref == ServerMessage.NO_REF ? out : out.ascii(",\"ref\":").number(ref);
  }

  private static Utf8Builder topics(Utf8Builder out, List<Topic> topics) {
    out.ascii(",\"topics\":[");
    for (int i = 0; i < topics.size(); i++) {
      out.ascii(i == 0 ? "\"" : ",\"").ascii(topics.get(i).name()).single('"');
    }
    return out.single(']');
  }

  private static void cursor(Utf8Builder out, Cursor cursor) {
    if (!cursor.isEmpty()) {
      out.ascii(",\"cursor\":\"").ascii(cursor.toString()).single('"');
    }
  }
}
