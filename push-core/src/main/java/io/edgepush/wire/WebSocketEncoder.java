package io.edgepush.wire;

import io.edgepush.model.Event;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Frames of RFC 6455, header included.
 *
 * @param cbor whether messages are CBOR in binary frames; otherwise they are JSON in text frames
 * @param deflate whether messages are compressed (RFC 7692, no context takeover) where that makes
 *     them smaller
 */
record WebSocketEncoder(boolean cbor, boolean deflate) implements Encoder {
  private static final byte[] EVENT_HEAD = ascii("{\"type\":\"event\",\"event\":");
  private static final byte[] EVENT_TAIL = {'}'};
  private static final byte[] PING = WebSocketFraming.frame(WebSocketFraming.FIN_PING);

  @Override
  public Frame encode(Event event) {
    return Frame.event(
        event.id(),
        cbor
            ? frame(CborMessages.encode(event))
            : frame(EVENT_HEAD, EventJson.encode(event), EVENT_TAIL));
  }

  @Override
  public Frame encode(ServerMessage message) {
    byte[] json = ServerMessageJson.encode(message);
    byte[] frame = frame(cbor ? CborMessages.fromJson(json) : json);
    return Frame.of(
        Frame.Kind.of(message),
        message instanceof ServerMessage.Heartbeat ? withPing(frame) : frame);
  }

  @Override
  public Optional<Frame> closing(CloseReason reason) {
    return Optional.of(Frame.control(WebSocketFraming.close(reason.code(), reason.slug())));
  }

  private byte[] frame(byte[]... parts) {
    int first = cbor ? WebSocketFraming.FIN_BINARY : WebSocketFraming.FIN_TEXT;
    if (deflate) {
      Optional<byte[]> compressed = PerMessageDeflate.deflate(parts);
      if (compressed.isPresent()) {
        return WebSocketFraming.frame(first | WebSocketFraming.RSV1, compressed.get());
      }
    }
    return WebSocketFraming.frame(first, parts);
  }

  private static byte[] withPing(byte[] frame) {
    byte[] both = Arrays.copyOf(frame, frame.length + PING.length);
    System.arraycopy(PING, 0, both, frame.length, PING.length);
    return both;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
