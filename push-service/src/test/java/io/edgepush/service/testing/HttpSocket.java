package io.edgepush.service.testing;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * A TCP connection that speaks HTTP/1.1 by hand, so that a test decides what is read and how it
 * ends.
 */
public final class HttpSocket implements AutoCloseable {
  private final Socket socket = new Socket();
  private final InputStream in;

  /**
   * Connects.
   *
   * @param receiveBytes the size of the receive buffer; 0 for the system's
   */
  public HttpSocket(int port, int receiveBytes) throws IOException {
    socket.setTcpNoDelay(true);
    if (receiveBytes > 0) {
      socket.setReceiveBufferSize(receiveBytes);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    in = new BufferedInputStream(socket.getInputStream(), receiveBytes > 0 ? 512 : 8_192);
  }

  /** A read fails that waits for longer. */
  public void patience(Duration longest) throws IOException {
    socket.setSoTimeout(Math.toIntExact(longest.toMillis()));
  }

  /** Sends a GET. */
  public void get(String target, String... headers) throws IOException {
    StringBuilder head = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** Sends bytes; for several threads. */
  public synchronized void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** The head of the answer, in lower case. */
  public String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("the connection ended within the head: " + head);
      }
      head.append((char) b);
    }
    return head.toString().toLowerCase(Locale.ROOT);
  }

  /** The body of an answer with a length. */
  public byte[] body(String head) throws IOException {
    String name = "content-length: ";
    int at = head.indexOf(name) + name.length();
    int length = Integer.parseInt(head.substring(at, head.indexOf('\r', at)));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the connection ended within the body");
    }
    return body;
  }

  /** Some bytes; a negative number at the end. */
  public int read(byte[] bytes) throws IOException {
    return in.read(bytes);
  }

  /** Ends the connection by a reset, as a crash or a lost network path does. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException _) {
      // it was over already
    }
  }

  /** Ends the connection in order. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException _) {
      // it was over already
    }
  }
}
