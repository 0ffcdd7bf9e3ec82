package io.edgepush.wire;

/** Unmasked frames of RFC 6455 §5.2, as a server sends them. */
public final class WebSocketFraming {
  /** A whole text message. */
  public static final int FIN_TEXT = 0x81;

  /** A whole binary message. */
  public static final int FIN_BINARY = 0x82;

  /** A close frame. */
  public static final int FIN_CLOSE = 0x88;

  /** A ping. */
  public static final int FIN_PING = 0x89;

  /** A pong. */
  public static final int FIN_PONG = 0x8a;

  /** The first reserved bit: the message is compressed (RFC 7692 §6). */
  public static final int RSV1 = 0x40;

  private WebSocketFraming() {}

  /**
   * A frame whose payload is the concatenation of parts.
   *
   * @param first the first byte: FIN, reserved bits and opcode
   * @param parts the payload
   */
  public static byte[] frame(int first, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    int head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    byte[] frame = new byte[head + length];
    frame[0] = (byte) first;
    header(frame, head, length);
    int at = head;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, frame, at, part.length);
      at += part.length;
    }
    return frame;
  }

  /** A close frame (§5.5.1): code and a reason of at most 123 bytes of ASCII. */
  public static byte[] close(int code, String reason) {
    byte[] payload =
        new Utf8Builder(2 + reason.length())
            .single((char) (code >> 8))
            .single((char) (code & 0xff))
            .ascii(reason)
            .toBytes();
    return frame(FIN_CLOSE, payload);
  }

  private static void header(byte[] frame, int head, int length) {
    if (head == 2) {
      frame[1] = (byte) length;
      return;
    }
    frame[1] = (byte) (head == 4 ? 126 : 127);
    for (int i = head - 1, rest = length; i > 1; i--, rest >>>= 8) {
      frame[i] = (byte) rest;
    }
  }
}
