package io.edgepush.service.testing;

import io.edgepush.hub.client.ClientView;
import io.edgepush.hub.client.Decoder;
import java.io.IOException;

/** Reads connections that bring one message after the other. */
final class Streams {
  private static final int CHUNK = 4_096;

  private Streams() {}

  /** Reads until the server ends the connection, or the client has what it wants and cuts it. */
  static void read(HttpSocket socket, Decoder decoder, ClientView view) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int n = socket.read(chunk); n >= 0; n = socket.read(chunk)) {
      decoder.feed(chunk, n);
      if (view.cut()) {
        socket.reset();
        return;
      }
    }
  }
}
