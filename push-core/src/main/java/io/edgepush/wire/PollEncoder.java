package io.edgepush.wire;

import io.edgepush.model.Cursor;
import io.edgepush.model.Event;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The parts of a long-poll answer: event objects, gap objects and cursors; everything else is
 * empty.
 */
record PollEncoder() implements Encoder {
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
}
