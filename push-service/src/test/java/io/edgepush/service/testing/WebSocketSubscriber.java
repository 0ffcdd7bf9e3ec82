package io.edgepush.service.testing;

import io.edgepush.hub.client.ClientView;
import io.edgepush.hub.client.WebSocketDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** A WebSocket; answers pings unless it is told not to. */
public final class WebSocketSubscriber extends Subscriber {
  private static final int FIN_TEXT = 0x81;
  private static final int FIN_PONG = 0x8a;
  private static final int FIN_CLOSE = 0x88;

  private final HttpSocket socket;
  private final boolean answersPings;

  WebSocketSubscriber(
      TestNode node, Ask ask, ClientView view, int receiveBytes, boolean answersPings) {
    super(view);
    this.answersPings = answersPings;
    view.connected(ask.cutAfter());
    try {
      socket = new HttpSocket(node.port(), receiveBytes);
      String id = ask.lastEventId().isEmpty() ? "X-None: 1" : "Last-Event-ID: " + ask.lastEventId();
      socket.get(
          ask.target(""),
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "Sec-WebSocket-Protocol: push.v1.json",
          id);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  void run() throws IOException {
    String head = socket.head();
    if (!head.contains(" 101 ")
        || !head.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=")) {
      throw new AssertionError("refused: " + head);
    }
    Streams.read(socket, new WebSocketDecoder(view(), this::pong), view());
  }

  private void pong() {
    if (answersPings) {
      send(FIN_PONG, new byte[0]);
    }
  }

  /** Sends a message. */
  public void send(String json) {
    send(FIN_TEXT, json.getBytes(StandardCharsets.UTF_8));
  }

  /** RFC 6455 §5.2 and §5.3: a client's frame is masked. */
  private void send(int first, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(first);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else {
      frame.write(0x80 | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    }
    byte[] mask = new byte[4];
    ThreadLocalRandom.current().nextBytes(mask);
    frame.writeBytes(mask);
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ mask[i & 3]);
    }
    try {
      socket.write(frame.toByteArray());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void cut() {
    socket.reset();
    awaitEnd();
  }

  @Override
  public void close() {
    try {
      send(FIN_CLOSE, new byte[] {0x03, (byte) 0xe8});
    } catch (java.io.UncheckedIOException _) {
      // it was over already
    }
    socket.close();
    awaitEnd();
  }
}
