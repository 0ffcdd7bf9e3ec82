package io.edgepush.service.input;

import static io.edgepush.service.input.ClientFrame.CLOSE;
import static io.edgepush.service.input.ClientFrame.TEXT;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgepush.testing.Secrets;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A WebSocket whose client sends any bytes. For one thread. */
public final class RawWebSocket implements AutoCloseable {
  /** A handshake's headers, all as they should be. */
  public static final String HANDSHAKE =
      """
      Host: localhost\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      """;

  /**
   * A frame of the server.
   *
   * @param first FIN, reserved bits and opcode
   * @param payload what it carries
   */
  public record ServerFrame(int first, byte[] payload) {
    /** Whatever is asked, no frame holds a secret. */
    public ServerFrame {
      Secrets.requireNoneIn("a frame", new String(payload, StandardCharsets.UTF_8));
    }

    /** What kind it is. */
    public int opcode() {
      return first & 0x0f;
    }

    /** The payload as text. */
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** The code of a close frame; 1005 when it has none. */
    public int closeCode() {
      return payload.length < 2 ? 1005 : (payload[0] & 0xff) << 8 | payload[1] & 0xff;
    }

    /** The reason of a close frame. */
    public String closeReason() {
      return payload.length < 2
          ? ""
          : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }
  }

  private final RawConnection connection;

  /** Connects and shakes hands, with more headers. */
  public RawWebSocket(int port, String query, String... headers) throws IOException {
    connection = new RawConnection(port);
    StringBuilder more = new StringBuilder();
    for (String header : headers) {
      more.append(header).append("\r\n");
    }
    connection.send("GET /subscribe" + query + " HTTP/1.1\r\n" + HANDSHAKE + more + "\r\n");
    String head = connection.nextUpTo("\r\n\r\n");
    if (!head.startsWith("HTTP/1.1 101 ")) {
      throw new IOException(head);
    }
  }

  /** Sends bytes as they are. */
  public void send(byte[] bytes) throws IOException {
    connection.send(bytes);
  }

  /** Sends a text message. */
  public void send(String text) throws IOException {
    send(ClientFrame.text(text));
  }

  /** The next frame. */
  public ServerFrame nextFrame() throws IOException {
    int first = connection.next();
    int length = connection.next();
    if (length > 125) {
      length = new BigInteger(1, connection.next(length == 126 ? 2 : 8)).intValueExact();
    }
    return new ServerFrame(first, connection.next(length));
  }

  /** The next message of a type; what comes before it is passed over. */
  public JsonNode next(String type) throws IOException {
    while (true) {
      ServerFrame frame = nextFrame();
      if (frame.opcode() == CLOSE) {
        throw new IOException("closed with " + frame.closeCode() + " instead of " + type);
      }
      JsonNode message =
          frame.opcode() == TEXT ? HttpAnswer.read(frame.text()) : HttpAnswer.read("{}");
      if (message.path("type").asText().equals(type)) {
        return message;
      }
    }
  }

  /** All frames up to the end of the connection. */
  public List<ServerFrame> rest() throws IOException {
    List<ServerFrame> frames = new ArrayList<>();
    while (frames.isEmpty() || frames.getLast().opcode() != CLOSE) {
      frames.add(nextFrame());
    }
    if (connection.rest().length > 0) {
      throw new IOException("bytes follow the close frame");
    }
    return frames;
  }

  /** The close frame that ends the connection; what comes before it is passed over. */
  public ServerFrame closed() throws IOException {
    return rest().getLast();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
