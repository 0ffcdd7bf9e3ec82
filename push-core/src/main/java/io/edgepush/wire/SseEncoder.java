package io.edgepush.wire;

import io.edgepush.model.Cursor;
import io.edgepush.model.Event;
import java.util.Optional;

/** Server-sent events of the HTML standard, §9.2. */
record SseEncoder() implements Encoder {
  private static final int RETRY_MS = 2_000;

  @Override
  public Frame encode(Event event) {
    return encode(event, event.id().toString());
  }

  @Override
  public Frame encode(Event event, Cursor cursor) {
    return encode(event, cursor.toString());
  }

  private static Frame encode(Event event, String id) {
    byte[] json = EventJson.encode(event);
    Utf8Builder out = new Utf8Builder(json.length + id.length() + 16);
    return Frame.event(
        event.id(),
        out.ascii("id: ").ascii(id).ascii("\ndata: ").raw(json).ascii("\n\n").toBytes());
  }

  @Override
  public Frame encode(ServerMessage message) {
    Utf8Builder out = new Utf8Builder(256);
    switch (message) {
      case ServerMessage.Heartbeat m -> id(out.ascii(": heartbeat\n"), m.cursor()).single('\n');
      case ServerMessage.Welcome m ->
          fields(id(out.ascii("retry: ").number(RETRY_MS).single('\n'), m.cursor()), m);
      case ServerMessage.Subscribed m -> fields(id(out, m.cursor()), m);
      default -> fields(out, message);
    }
    return Frame.of(Frame.Kind.of(message), out.toBytes());
  }

  @Override
  public Optional<Frame> closing(CloseReason reason) {
    return reason == CloseReason.DRAIN
        ? Optional.empty()
        : Optional.of(encode(new ServerMessage.Closing(reason)));
  }

  private static Utf8Builder id(Utf8Builder out, Cursor cursor) {
    return cursor.isEmpty() ? out : out.ascii("id: ").ascii(cursor.toString()).single('\n');
  }

  private static void fields(Utf8Builder out, ServerMessage message) {
    out.ascii("event: ")
        .ascii(ServerMessageJson.type(message))
        .ascii("\ndata: ")
        .raw(ServerMessageJson.encode(message))
        .ascii("\n\n");
  }
}
