package io.edgepush.bench.baseline;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The bytes that the baseline sends. */
final class Frames {
  private static final int SHORT = 126;
  private static final int MEDIUM = 1 << 16;
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String SUBSCRIBED = "{\"type\":\"subscribed\",\"topics\":[]}";

  private Frames() {}

  /** A text frame (RFC 6455 §5.2), not masked. */
  static byte[] text(byte[] payload) {
    int head = payload.length < SHORT ? 2 : payload.length < MEDIUM ? 4 : 10;
    ByteBuffer frame = ByteBuffer.allocate(head + payload.length).put((byte) 0x81);
    switch (head) {
      case 2 -> frame.put((byte) payload.length);
      case 4 -> frame.put((byte) 126).putShort((short) payload.length);
      default -> frame.put((byte) 127).putLong(payload.length);
    }
    return frame.put(payload).array();
  }

  /** The answer to a handshake (RFC 6455 §4.2.2), and that all is subscribed. */
  static ByteBuffer webSocket(String key) {
    String head =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Accept: "
            + accept(key)
            + "\r\n\r\n";
    byte[] subscribed = text(ascii(SUBSCRIBED));
    return ByteBuffer.allocate(head.length() + subscribed.length)
        .put(ascii(head))
        .put(subscribed)
        .flip();
  }

  private static String accept(String key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1").digest(ascii(key + GUID));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static ByteBuffer eventStream() {
    return ByteBuffer.wrap(
        ascii(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent: subscribed\ndata: "
                + SUBSCRIBED
                + "\n\n"));
  }

  static ByteBuffer published() {
    return ByteBuffer.wrap(ascii("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
  }

  static ByteBuffer notFound() {
    return ByteBuffer.wrap(ascii("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
  }

  static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
