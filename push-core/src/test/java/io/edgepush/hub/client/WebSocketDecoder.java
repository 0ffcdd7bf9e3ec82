package io.edgepush.hub.client;

import io.edgepush.model.Cursor;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;

/** Frames of RFC 6455 §5.2 as a server sends them here: whole and not masked. */
public final class WebSocketDecoder implements Decoder {
  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;
  private static final int PING = 0x89;

  private final Recipient view;
  private final Runnable onPing;
  private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
  private boolean closed;

  /**
   * A connection that begins.
   *
   * @param onPing is called where a pong is due
   */
  public WebSocketDecoder(Recipient view, Runnable onPing) {
    this.view = view;
    this.onPing = onPing;
  }

  @Override
  public void feed(byte[] bytes, int length) {
    frame.write(bytes, 0, length);
    byte[] all = frame.toByteArray();
    int at = 0;
    for (int end = end(all, at); end > 0; end = end(all, at)) {
      frame(all[at] & 0xff, Arrays.copyOfRange(all, at + headLength(all, at), end));
      at = end;
    }
    frame.reset();
    frame.write(all, at, all.length - at);
  }

  /** Where the frame ends; 0 when it is not whole. */
  private static int end(byte[] all, int at) {
    if (all.length < at + 2 || all.length < at + headLength(all, at)) {
      return 0;
    }
    int head = headLength(all, at);
    long length = all[at + 1] & 0x7f;
    if (head > 2) {
      length = 0;
      for (int i = at + 2; i < at + head; i++) {
        length = length << 8 | (all[i] & 0xff);
      }
    }
    return all.length < at + head + length ? 0 : Math.toIntExact(at + head + length);
  }

  private static int headLength(byte[] all, int at) {
    return switch (all[at + 1]) {
      case 126 -> 4;
      case 127 -> 10;
      default -> 2;
    };
  }

  private void frame(int first, byte[] payload) {
    if (closed) {
      throw new AssertionError("a frame after the close frame: " + first);
    }
    switch (first) {
      case TEXT -> text(payload);
      case PING -> {
        view.hear(new Message.Notice("ws-ping", Map.of()));
        onPing.run();
      }
      case CLOSE -> {
        closed = true;
        long code = payload.length < 2 ? 1005 : (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        view.hear(new Message.Notice("ws-close", Map.of("code", code)));
      }
      default -> throw new AssertionError("a frame that begins with " + Integer.toHexString(first));
    }
  }

  private void text(byte[] payload) {
    Message message = Message.of(Json.object(payload));
    switch (message) {
      case Message.Event event -> view.advance(Cursor.of(event.id()));
      case Message.Notice notice -> view.advance(notice.cursor());
      case Message.Gap _ -> {}
    }
    view.hear(message);
  }
}
