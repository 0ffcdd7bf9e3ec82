package io.edgepush.wire;

import io.edgepush.model.Cursor;
import io.edgepush.model.Event;
import java.util.Optional;

/**
 * How a transport writes messages. A format without state, so that one frame serves every
 * connection that speaks it.
 */
public enum WireFormat {
  /** JSON in text frames of RFC 6455. */
  WEBSOCKET_JSON("websocket", new WebSocketEncoder(false, false)),

  /** The same, compressed by RFC 7692. */
  WEBSOCKET_JSON_DEFLATE("websocket", new WebSocketEncoder(false, true)),

  /** CBOR in binary frames of RFC 6455. */
  WEBSOCKET_CBOR("websocket", new WebSocketEncoder(true, false)),

  /** The same, compressed by RFC 7692. */
  WEBSOCKET_CBOR_DEFLATE("websocket", new WebSocketEncoder(true, true)),

  /** Server-sent events of the HTML standard. */
  SSE("sse", new SseEncoder()),

  /** The parts of a long-poll answer. */
  POLL("long-poll", new PollEncoder());

  private final String transport;
  private final Encoder encoder;

  WireFormat(String transport, Encoder encoder) {
    this.transport = transport;
    this.encoder = encoder;
  }

  /** The transport's name in metrics, logs and negotiation. */
  public String transport() {
    return transport;
  }

  /** Whether its messages are CBOR in binary frames. */
  public boolean isCbor() {
    return this == WEBSOCKET_CBOR || this == WEBSOCKET_CBOR_DEFLATE;
  }

  /** Whether both sides compress by RFC 7692. */
  public boolean isDeflated() {
    return this == WEBSOCKET_JSON_DEFLATE || this == WEBSOCKET_CBOR_DEFLATE;
  }

  /** Whether the client answers pings, and is dead when it does not. */
  public boolean answersPings() {
    return this != SSE && this != POLL;
  }

  /** Whether {@link #encode(Event, Cursor)} differs from {@link #encode(Event)}. */
  public boolean carriesCursor() {
    return this == SSE;
  }

  /** An event as a frame for everybody whose cursor is the event's id. */
  public Frame encode(Event event) {
    return encoder.encode(event);
  }

  /** An event as a frame for one subscriber whose cursor spans several partitions. */
  public Frame encode(Event event, Cursor cursor) {
    return encoder.encode(event, cursor);
  }

  /**
   * A message as a frame. A WebSocket heartbeat has a ping behind it, so that a live client
   * answers.
   */
  public Frame encode(ServerMessage message) {
    return encoder.encode(message);
  }

  /** The last frame of a connection; empty where the format ends a connection by ending it. */
  public Optional<Frame> closing(CloseReason reason) {
    return encoder.closing(reason);
  }
}
