package io.edgepush.wire;

import io.edgepush.model.Cursor;
import io.edgepush.model.Event;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How a transport writes messages. A format without state, so that one frame serves every
 * connection that speaks it.
 */
public enum WireFormat {
  /** JSON text frames of RFC 6455, header included. */
  WEBSOCKET_JSON("websocket") {
    @Override
    public Frame encode(Event event) {
      byte[] frame =
          WebSocketFraming.frame(
              WebSocketFraming.FIN_TEXT, EVENT_HEAD, EventJson.encode(event), EVENT_TAIL);
      return Frame.event(event.id(), frame);
    }

    @Override
    public Frame encode(ServerMessage message) {
      byte[] json = ServerMessageJson.encode(message);
      byte[] frame = WebSocketFraming.frame(WebSocketFraming.FIN_TEXT, json);
      return Frame.of(
          kind(message), message instanceof ServerMessage.Heartbeat ? withPing(frame) : frame);
    }

    @Override
    public Optional<Frame> closing(CloseReason reason) {
      return Optional.of(Frame.control(WebSocketFraming.close(reason.code(), reason.slug())));
    }
  },

  /** Server-sent events of the HTML standard. */
  SSE("sse") {
    @Override
    public Frame encode(Event event) {
      return encode(event, event.id().toString());
    }

    @Override
    public Frame encode(Event event, Cursor cursor) {
      return encode(event, cursor.toString());
    }

    private Frame encode(Event event, String id) {
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
      return Frame.of(kind(message), out.toBytes());
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
  },

  /**
   * The parts of a long-poll answer: event objects, gap objects and cursors; everything else is
   * empty.
   */
  POLL("long-poll") {
    @Override
    public Frame encode(Event event) {
      return Frame.event(event.id(), EventJson.encode(event));
    }

    @Override
    public Frame encode(ServerMessage message) {
      return switch (message) {
        case ServerMessage.Gap m -> Frame.of(Frame.Kind.GAP, ServerMessageJson.gapObject(m.gap()));
        case ServerMessage.Welcome m -> cursor(m.cursor());
        case ServerMessage.Subscribed m -> cursor(m.cursor());
        case ServerMessage.Heartbeat m -> cursor(m.cursor());
        default -> Frame.control(new byte[0]);
      };
    }

    @Override
    public Optional<Frame> closing(CloseReason reason) {
      return Optional.empty();
    }

    private static Frame cursor(Cursor cursor) {
      return Frame.of(Frame.Kind.CURSOR, cursor.toString().getBytes(StandardCharsets.US_ASCII));
    }
  };

  private static final int RETRY_MS = 2_000;
  private static final byte[] EVENT_HEAD =
      "{\"type\":\"event\",\"event\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EVENT_TAIL = {'}'};
  private static final byte[] PING = WebSocketFraming.frame(WebSocketFraming.FIN_PING);

  private final String transport;

  WireFormat(String transport) {
    this.transport = transport;
  }

  /** The transport's name in metrics, logs and negotiation. */
  public String transport() {
    return transport;
  }

  /** An event as a frame for everybody whose cursor is the event's id. */
  public abstract Frame encode(Event event);

  /** An event as a frame for one subscriber whose cursor spans several partitions. */
  public Frame encode(Event event, Cursor cursor) {
    return encode(event);
  }

  /** Whether {@link #encode(Event, Cursor)} differs from {@link #encode(Event)}. */
  public boolean carriesCursor() {
    return this == SSE;
  }

  /**
   * A message as a frame. A WebSocket heartbeat has a ping behind it, so that a live client
   * answers.
   */
  public abstract Frame encode(ServerMessage message);

  /** The last frame of a connection; empty where the format ends a connection by ending it. */
  public abstract Optional<Frame> closing(CloseReason reason);

  private static Frame.Kind kind(ServerMessage message) {
    return message instanceof ServerMessage.Gap ? Frame.Kind.GAP : Frame.Kind.CONTROL;
  }

  private static byte[] withPing(byte[] frame) {
    byte[] both = java.util.Arrays.copyOf(frame, frame.length + PING.length);
    System.arraycopy(PING, 0, both, frame.length, PING.length);
    return both;
  }
}
