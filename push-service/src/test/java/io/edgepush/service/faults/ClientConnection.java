package io.edgepush.service.faults;

import io.edgepush.hub.client.Decoder;
import io.edgepush.hub.client.Json;
import io.edgepush.hub.client.Message;
import io.edgepush.hub.client.PollDecoder;
import io.edgepush.hub.client.SseDecoder;
import io.edgepush.hub.client.WebSocketDecoder;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.HttpSocket;
import io.edgepush.service.testing.Wire;
import java.io.IOException;
import java.util.Map;

/** One connection of a {@link Client}, until it ends. For the client's thread. */
final class ClientConnection {
  private static final int CHUNK = 16 << 10;

  /** A client's empty pong, masked with zeros. */
  private static final byte[] PONG = {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0};

  private static final int POLL_WAIT_SECONDS = 1;
  private static final int SWITCHING = 101;
  private static final int OK = 200;
  private static final int BUSY = 503;

  private final Wire wire;
  private final HttpSocket socket;
  private final Reception reception;

  ClientConnection(Wire wire, HttpSocket socket, Reception reception) {
    this.wire = wire;
    this.socket = socket;
    this.reception = reception;
  }

  /** Asks behind the cursor and takes what comes. Returns when the other side ends it in order. */
  void run(Ask ask) throws IOException {
    switch (wire) {
      case WEBSOCKET -> webSocket(ask.behind(reception.cursor()));
      case SSE -> stream(ask.behind(reception.cursor()));
      case LONG_POLL -> polls(ask);
    }
  }

  private void webSocket(Ask ask) throws IOException {
    socket.get(
        ask.target(""),
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol: push.v1.json");
    if (accepted(socket.head(), SWITCHING)) {
      read(new WebSocketDecoder(reception, this::pong));
    }
  }

  /** A pong that can not be sent shows when the connection is read. */
  private void pong() {
    try {
      socket.write(PONG);
    } catch (IOException _) {
      socket.close();
    }
  }

  private void stream(Ask ask) throws IOException {
    socket.get(ask.target(""), "Accept: text/event-stream");
    if (accepted(socket.head(), OK)) {
      read(new SseDecoder(reception));
    }
  }

  private void read(Decoder decoder) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int n = socket.read(chunk); n >= 0; n = socket.read(chunk)) {
      decoder.feed(chunk, n);
    }
  }

  private void polls(Ask ask) throws IOException {
    boolean first = true;
    boolean drained = false;
    while (!drained) {
      socket.get(
          ask.behind(reception.cursor()).target("wait=" + POLL_WAIT_SECONDS),
          "Accept: application/json");
      String head = socket.head();
      if (!accepted(head, OK)) {
        return;
      }
      if (first) {
        reception.hear(new Message.Notice("welcome", Map.of()));
        first = false;
      }
      PollDecoder.answer(socket.body(head), reception);
      drained = head.contains("\r\nretry-after: ");
    }
    reception.hear(new Message.Notice("reconnect", Map.of("delayMs", 0L)));
  }

  /** Whether the answer has the status; otherwise the client is told when to come back. */
  private boolean accepted(String head, int status) throws IOException {
    int answered = Integer.parseInt(head.substring(9, 12));
    if (answered == status) {
      return true;
    }
    Object retryAfterMs = Json.object(socket.body(head)).getOrDefault("retryAfterMs", -1L);
    if (answered != BUSY && answered != 429) {
      throw new AssertionError("refused: " + head);
    }
    reception.hear(
        new Message.Notice(
            "refused", Map.of("status", (long) answered, "retryAfterMs", retryAfterMs)));
    return false;
  }
}
