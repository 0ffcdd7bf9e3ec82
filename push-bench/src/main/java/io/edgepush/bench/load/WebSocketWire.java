package io.edgepush.bench.load;

import static io.edgepush.bench.load.Bytes.ascii;

/** Frames of RFC 6455 with the messages of docs/PROTOCOL.md, of which the type is the first. */
final class WebSocketWire implements Wire {
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;

  /** Where the type's text begins in a message. */
  private static final int TYPE = ascii("{\"type\":\"").length;

  /** Where the id's text begins in an event message. */
  private static final int ID = ascii("{\"type\":\"event\",\"event\":{\"id\":\"").length;

  private static final byte[] CURSOR = ascii("\"cursor\":\"");

  @Override
  public String headers() {
    return "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  }

  @Override
  public boolean repeats() {
    return false;
  }

  @Override
  public int read(byte[] b, int from, int to, Inbox inbox, Replies connection) {
    int at = from;
    while (to - at >= 2) {
      int length = b[at + 1] & 127;
      int payload = at + 2;
      if (length == 126) {
        payload = at + 4;
        length = to < payload ? 0 : (b[at + 2] & 255) << 8 | (b[at + 3] & 255);
      } else if (length == 127) {
        payload = at + 10;
        length = to < payload ? 0 : int32(b, at + 6);
      }
      if (to - payload < length) {
        return at;
      }
      message(b[at] & 15, b, payload, payload + length, inbox, connection);
      at = payload + length;
    }
    return at;
  }

  private static int int32(byte[] b, int at) {
    return (b[at] & 127) << 24
        | (b[at + 1] & 255) << 16
        | (b[at + 2] & 255) << 8
        | (b[at + 3] & 255);
  }

  private static void message(
      int opcode, byte[] b, int from, int to, Inbox inbox, Replies connection) {
    switch (opcode) {
      case TEXT -> text(b, from, to, inbox);
      case BINARY -> inbox.event(b, from, to);
      case PING -> connection.pong(b, from, to);
      case CLOSE -> {
        if (to - from > 2) {
          inbox.trouble(b, from + 2, to);
        }
        connection.end();
      }
      default -> {}
    }
  }

  private static void text(byte[] b, int from, int to, Inbox inbox) {
    if (to - from < TYPE + 2) {
      inbox.event(b, from, to);
      return;
    }
    switch (b[from + TYPE]) {
      case 'e' -> {
        if (b[from + TYPE + 1] == 'v') {
          if (inbox.follows()) {
            inbox.id(b, from + ID, Bytes.indexOf('"', b, from + ID, to));
          }
          inbox.event(b, from, to);
        } else {
          inbox.trouble(b, from, to);
        }
      }
      case 's' -> {
        cursor(b, from, to, inbox);
        inbox.subscribed();
      }
      case 'w', 'h' -> cursor(b, from, to, inbox);
      case 'g' -> inbox.gap();
      case 'a', 'u', 'r' -> {}
      default -> inbox.event(b, from, to);
    }
  }

  private static void cursor(byte[] b, int from, int to, Inbox inbox) {
    int at = Bytes.find(CURSOR, b, from, to);
    if (at >= 0) {
      inbox.cursor(b, at + CURSOR.length, Bytes.indexOf('"', b, at + CURSOR.length, to));
    }
  }
}
