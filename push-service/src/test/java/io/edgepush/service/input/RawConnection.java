package io.edgepush.service.input;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A socket to a port of this machine, for what no client library would send. For one thread. */
public final class RawConnection implements AutoCloseable {
  /** Longer than anything takes; a test that waits so long has failed. */
  private static final int HANG_MS = 20_000;

  private final Socket socket;
  private final InputStream in;

  /** Connects. */
  public RawConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(HANG_MS);
    in = socket.getInputStream();
  }

  /** Sends bytes as they are. */
  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Sends text, one byte a character. */
  public void send(String latin) throws IOException {
    send(latin.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The next byte. */
  int next() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw new EOFException("the server ended the connection");
    }
    return b;
  }

  byte[] next(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the server ended the connection");
    }
    return bytes;
  }

  /** Text up to an end, which is left out. */
  public String nextUpTo(String end) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    String read = "";
    while (!read.endsWith(end)) {
      text.write(next());
      read = text.toString(StandardCharsets.ISO_8859_1);
    }
    return read.substring(0, read.length() - end.length());
  }

  /** An HTTP answer with a length. */
  public HttpAnswer nextAnswer() throws IOException {
    String head = nextUpTo("\r\n\r\n");
    HttpAnswer bodyless = HttpAnswer.parse(head, new byte[0]);
    String length = bodyless.header("content-length");
    return HttpAnswer.parse(head, length.isEmpty() ? new byte[0] : next(Integer.parseInt(length)));
  }

  /** What comes until the server ends the connection. */
  public byte[] rest() throws IOException {
    return in.readAllBytes();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
