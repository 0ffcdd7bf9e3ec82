package io.edgepush.wire;

import io.edgepush.model.Cursor;
import io.edgepush.model.Event;
import java.util.Optional;

/** How a {@link WireFormat} writes. Without state, for any thread; never blocks. */
interface Encoder {
  /** See {@link WireFormat#encode(Event)}. */
  Frame encode(Event event);

  /** See {@link WireFormat#encode(Event, Cursor)}. */
  default Frame encode(Event event, Cursor cursor) {
    return encode(event);
  }

  /** See {@link WireFormat#encode(ServerMessage)}. */
  Frame encode(ServerMessage message);

  /** See {@link WireFormat#closing}. */
  Optional<Frame> closing(CloseReason reason);
}
