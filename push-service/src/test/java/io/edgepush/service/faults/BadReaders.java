package io.edgepush.service.faults;

import io.edgepush.service.testing.HttpSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Event streams with small buffers of which half read nothing once they have begun, and the others
 * a byte a second.
 */
final class BadReaders implements AutoCloseable {
  private static final int RECEIVE_BYTES = 4_096;

  private final List<HttpSocket> sockets = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  /**
   * Connects them.
   *
   * @param topics as in the URL's query
   */
  BadReaders(int port, String topics, int count) {
    try {
      for (int i = 0; i < count; i++) {
        HttpSocket socket = new HttpSocket(port, RECEIVE_BYTES);
        sockets.add(socket);
        socket.get("/subscribe?" + topics, "Accept: text/event-stream");
        if (!socket.head().startsWith("http/1.1 200 ")) {
          throw new AssertionError("refused");
        }
        if (i % 2 == 0) {
          threads.add(Thread.ofVirtual().start(() -> readSlowly(socket)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readSlowly(HttpSocket socket) {
    byte[] one = new byte[1];
    try {
      while (!closed && socket.read(one) > 0) {
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
      }
    } catch (IOException _) {
      // the service ended it
    }
  }

  @Override
  public void close() {
    closed = true;
    sockets.forEach(HttpSocket::close);
    threads.forEach(LockSupport::unpark);
  }
}
