package io.edgepush.service.input;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames of RFC 6455 §5.2 as a client sends them, and as it must not. */
public final class ClientFrame {
  /** The opcodes. */
  public static final int CONTINUATION = 0;

  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  /** The bit that marks the last fragment. */
  public static final int FIN = 0x80;

  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

  private ClientFrame() {}

  /** A whole text message. */
  public static byte[] text(String text) {
    return of(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A close frame. */
  public static byte[] close(int code, byte... reason) {
    byte[] payload =
        ByteBuffer.allocate(2 + reason.length).putShort((short) code).put(reason).array();
    return of(FIN | CLOSE, payload);
  }

  /** A masked frame with the shortest length. */
  public static byte[] of(int first, byte... payload) {
    int lengthBytes = payload.length < 126 ? 0 : payload.length < 65_536 ? 2 : 8;
    return of(first, lengthBytes, payload.length, payload);
  }

  /**
   * A masked frame.
   *
   * @param lengthBytes 0, 2 or 8: the size of the extended length
   * @param announced the length that the header tells
   */
  public static byte[] of(int first, int lengthBytes, long announced, byte... payload) {
    byte[] masked = payload.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= MASK[i & 3];
    }
    return join(head(first, 0x80, lengthBytes, announced), MASK, masked);
  }

  /** A frame without mask, which a client must not send (§5.1). */
  public static byte[] unmasked(int first, byte... payload) {
    return join(head(first, 0, 0, payload.length), payload);
  }

  private static byte[] head(int first, int maskBit, int lengthBytes, long announced) {
    ByteBuffer head = ByteBuffer.allocate(2 + lengthBytes).put((byte) first);
    switch (lengthBytes) {
      case 0 -> head.put((byte) (maskBit | announced));
      case 2 -> head.put((byte) (maskBit | 126)).putShort((short) announced);
      default -> head.put((byte) (maskBit | 127)).putLong(announced);
    }
    return head.array();
  }

  /** One after the other. */
  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
