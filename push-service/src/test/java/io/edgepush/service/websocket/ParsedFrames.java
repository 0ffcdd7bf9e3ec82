package io.edgepush.service.websocket;

import io.edgepush.wire.CloseReason;
import io.helidon.websocket.WsOpCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Notes what a parser says, one line a call. */
final class ParsedFrames implements FrameParser.Sink {
  private final List<String> lines = new ArrayList<>();

  /** What a parser says of these bytes, which come in pieces. */
  static List<String> of(int maxMessageBytes, List<byte[]> pieces) {
    return of(maxMessageBytes, false, pieces);
  }

  /** The same where compression was agreed on. */
  static List<String> of(int maxMessageBytes, boolean deflate, List<byte[]> pieces) {
    ParsedFrames parsed = new ParsedFrames();
    FrameParser parser = new FrameParser(maxMessageBytes, deflate, parsed);
    for (byte[] piece : pieces) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(piece.length).put(piece).flip();
      parser.parse(buffer);
      if (buffer.hasRemaining()) {
        parsed.lines.add("left " + buffer.remaining());
      }
    }
    return parsed.lines;
  }

  static String message(boolean text, byte[] payload) {
    return (text ? "text " : "binary ") + new String(payload, StandardCharsets.ISO_8859_1);
  }

  static String control(WsOpCode opCode, byte[] payload) {
    return opCode + " " + new String(payload, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void onMessage(boolean text, byte[] payload) {
    lines.add(message(text, payload));
  }

  @Override
  public void onControl(WsOpCode opCode, byte[] payload) {
    lines.add(control(opCode, payload));
  }

  @Override
  public void onViolation(CloseReason reason) {
    lines.add("violation " + reason);
  }
}
