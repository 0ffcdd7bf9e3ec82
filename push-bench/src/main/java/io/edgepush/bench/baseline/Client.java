package io.edgepush.bench.baseline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A connection of the baseline. For its thread. */
final class Client {
  private static final int MAX_REQUEST = 1 << 17;
  private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d{1,6})\r\n");
  private static final Pattern KEY =
      Pattern.compile("\r\nsec-websocket-key: *(\\S+)\r\n", Pattern.CASE_INSENSITIVE);
  private static final byte[] NOTHING = {};

  private final SocketChannel channel;
  private final SelectionKey key;
  private byte[] read = NOTHING;
  private ByteBuffer rest = ByteBuffer.wrap(NOTHING);
  private boolean subscribed;
  private boolean webSocket;

  Client(SocketChannel channel, SelectionKey key) {
    this.channel = channel;
    this.key = key;
  }

  SocketChannel channel() {
    return channel;
  }

  boolean subscribed() {
    return subscribed;
  }

  boolean speaksWebSocket() {
    return webSocket;
  }

  void subscribe(Request request) throws IOException {
    subscribed = true;
    webSocket = request.kind() == Request.Kind.WEB_SOCKET;
    write(webSocket ? Frames.webSocket(request.key()) : Frames.eventStream());
  }

  /** Takes what was read; returns the next request that is all there, or null. */
  Request request(ByteBuffer more) throws IOException {
    int before = read.length;
    read = Arrays.copyOf(read, before + more.remaining());
    more.get(read, before, read.length - before);
    String text = new String(read, StandardCharsets.ISO_8859_1);
    int head = text.indexOf("\r\n\r\n") + 4;
    if (head < 4) {
      return tooLong(read.length);
    }
    String lines = text.substring(0, head).toLowerCase(Locale.ROOT);
    Matcher length = LENGTH.matcher(lines);
    int end = head + (length.find() ? Integer.parseInt(length.group(1)) : 0);
    if (read.length < end) {
      return tooLong(end);
    }
    byte[] body = Arrays.copyOfRange(read, head, end);
    read = Arrays.copyOfRange(read, end, read.length);
    if (lines.startsWith("post ")) {
      return new Request(Request.Kind.PUBLISH, "", body);
    }
    if (lines.contains("\r\nupgrade: websocket\r\n")) {
      Matcher handshake = KEY.matcher(text.substring(0, head));
      return new Request(Request.Kind.WEB_SOCKET, handshake.find() ? handshake.group(1) : "", body);
    }
    boolean stream = lines.contains("text/event-stream");
    return new Request(stream ? Request.Kind.EVENT_STREAM : Request.Kind.OTHER, "", body);
  }

  private static Request tooLong(int length) throws IOException {
    if (length > MAX_REQUEST) {
      throw new IOException("a request of more than " + MAX_REQUEST + " bytes");
    }
    return null;
  }

  /**
   * Writes at once. What does not fit waits, and until it has gone all else is dropped: a
   * subscriber that does not keep up loses events, as with a bare loop.
   */
  void write(ByteBuffer bytes) throws IOException {
    if (rest.hasRemaining() || !channel.isOpen()) {
      return;
    }
    channel.write(bytes);
    if (bytes.hasRemaining()) {
      rest = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
      key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
  }

  /** Goes on with what waits. */
  void flush() throws IOException {
    channel.write(rest);
    if (!rest.hasRemaining()) {
      key.interestOps(SelectionKey.OP_READ);
    }
  }
}
