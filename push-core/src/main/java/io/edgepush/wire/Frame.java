package io.edgepush.wire;

import io.edgepush.model.EventId;
import java.util.Optional;

/**
 * Bytes that go to a client in one piece, encoded once and shared by all who get them. Neither the
 * frame nor its bytes change.
 */
public final class Frame {
  /** What a frame carries. */
  public enum Kind {
    /** An event. */
    EVENT,
    /** A gap. */
    GAP,
    /** In the long-poll format: the text of a cursor. */
    CURSOR,
    /** Anything else. */
    CONTROL;

    static Kind of(ServerMessage message) {
      return message instanceof ServerMessage.Gap ? GAP : CONTROL;
    }
  }

  private final Kind kind;
  private final EventId id;
  private final byte[] bytes;

  private Frame(Kind kind, EventId id, byte[] bytes) {
    this.kind = kind;
    this.id = id;
    this.bytes = bytes;
  }

  static Frame event(EventId id, byte[] bytes) {
    return new Frame(Kind.EVENT, id, bytes);
  }

  static Frame of(Kind kind, byte[] bytes) {
    return new Frame(kind, null, bytes);
  }

  /** Bytes of the transport's own, such as a WebSocket pong. */
  public static Frame control(byte[] bytes) {
    return of(Kind.CONTROL, bytes);
  }

  /** What it carries. */
  public Kind kind() {
    return kind;
  }

  /** The id of the event that it carries. */
  public Optional<EventId> eventId() {
    return Optional.ofNullable(id);
  }

  /** The bytes; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** How many bytes. */
  public int size() {
    return bytes.length;
  }
}
