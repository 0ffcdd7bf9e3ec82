package io.edgepush.service.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One address that connects, and ends the connection, again and again.
 *
 * @param tries how often
 * @param welcome how often it was answered with 200
 * @param limited how often with 429 and Retry-After
 * @param seconds how long it took, in part or whole
 */
record Storm(int tries, int welcome, int limited, long seconds) {
  private static final byte[] REQUEST =
      "GET /subscribe?topic=storm HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);
  private static final int HANG_MS = 20_000;

  /** At a rate, or as fast as it goes. */
  static Storm of(int port, int tries, int perSecond) throws IOException {
    long start = System.nanoTime();
    int welcome = 0;
    int limited = 0;
    for (int i = 0; i < tries; i++) {
      long due = start + TimeUnit.SECONDS.toNanos(i) / perSecond;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      String head = connect(port);
      welcome += head.startsWith("http/1.1 200 ") ? 1 : 0;
      limited += head.startsWith("http/1.1 429 ") && head.contains("\nretry-after: ") ? 1 : 0;
    }
    return new Storm(
        tries, welcome, limited, 1 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
  }

  private static String connect(int port) throws IOException {
    InetAddress from = InetAddress.ofLiteral("127.0.0.9");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, from, 0)) {
      socket.setSoTimeout(HANG_MS);
      socket.getOutputStream().write(REQUEST);
      StringBuilder head = new StringBuilder();
      for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
        head.append((char) b);
        if (head.indexOf("\r\n\r\n") >= 0) {
          break;
        }
      }
      return head.toString().toLowerCase(Locale.ROOT);
    }
  }

  /** What a limit lets through at most in that time: it counts by the second. */
  long most(int perSecond) {
    return perSecond * (seconds + 1);
  }
}
