package io.edgepush.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/** One subscriber. For the selector's thread alone. */
final class Connection implements Wire.Replies {
  private static final int SWITCHING = 101;
  private static final int OK = 200;
  private static final byte[] NOTHING = {};

  private final Subscription subscription;
  private final Inbox inbox;
  private final Counts counts;
  private final boolean deaf;
  private SocketChannel channel;
  private SelectionKey key;
  private Line line;
  private ByteBuffer unsent = ByteBuffer.wrap(NOTHING);
  private byte[] carry = NOTHING;
  private int carried;
  private boolean headRead;
  private boolean counted;
  private long meant;

  /**
   * Not connected yet.
   *
   * @param deaf whether it never reads once it is subscribed
   */
  Connection(Subscription subscription, Inbox inbox, Counts counts, boolean deaf) {
    this.subscription = subscription;
    this.inbox = inbox;
    this.counts = counts;
    this.deaf = deaf;
  }

  Inbox inbox() {
    return inbox;
  }

  /** Begins to connect; the latency counts from when that was meant. */
  void open(Selector selector, long meantNanos) throws IOException {
    meant = meantNanos;
    headRead = false;
    carried = 0;
    inbox.reconnecting();
    channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    InetSocketAddress to = subscription.address();
    if (to.getAddress().isLoopbackAddress()) {
      channel.bind(Sources.next());
    }
    key = channel.register(selector, SelectionKey.OP_CONNECT, this);
    if (channel.connect(to)) {
      connected();
    }
  }

  void ready(Readings readings) throws IOException {
    if (key.isConnectable()) {
      channel.finishConnect();
      connected();
    }
    if (key.isValid() && key.isWritable()) {
      flush();
    }
    if (key.isValid() && key.isReadable()) {
      boolean more = true;
      while (more) {
        more = read(readings) && line.holdsInput() && key.isValid();
      }
      if (key.isValid() && unsent.hasRemaining()) {
        flush(); // a handshake may be over
      }
    }
  }

  private void connected() throws IOException {
    line = new Line(key, subscription.endpoint());
    send(subscription.request(inbox.cursor()));
  }

  private boolean read(Readings readings) throws IOException {
    int n = readings.from(line, carry, carried);
    if (n < 0) {
      throw new IOException("ended by the other side");
    }
    if (n == 0) {
      return false;
    }
    counts.bytes += n;
    counts.now = Ticks.micros();
    byte[] b = readings.bytes();
    int to = carried + n;
    int at = headRead ? 0 : head(b, to);
    if (headRead && key.isValid()) {
      at = subscription.wire().read(b, at, to, inbox, this);
    }
    keep(b, at, to);
    if (!counted && inbox.isSubscribed()) {
      counted = true;
      counts.ready++;
      counts.readiness().recordValue(Counts.bounded(counts.now - Ticks.micros(meant)));
      if (deaf) {
        key.interestOps(0);
      }
    }
    return true;
  }

  private int head(byte[] b, int to) throws IOException {
    if (subscription.wire().repeats()) {
      headRead = true;
      return 0;
    }
    int body = Bytes.body(b, 0, to);
    if (body < 0) {
      return 0;
    }
    int status = Bytes.status(b, 0);
    if (status != SWITCHING && status != OK) {
      inbox.trouble(b, 0, to);
      throw new IOException("refused");
    }
    headRead = true;
    return body;
  }

  private void keep(byte[] b, int at, int to) {
    carried = to - at;
    if (carried > carry.length) {
      carry = new byte[Math.max(carried, Math.min(2 * carried, 256))];
    }
    System.arraycopy(b, at, carry, 0, carried);
  }

  /** Ends it; false when it had ended. */
  boolean close() {
    if (channel == null) {
      return false;
    }
    try {
      channel.close();
    } catch (IOException e) {
      counts.trouble(e.toString());
    }
    channel = null;
    if (counted) {
      counted = false;
      counts.ready--;
    }
    return true;
  }

  boolean isSubscribed() {
    return counted;
  }

  @Override
  public void pong(byte[] b, int from, int to) {
    // A mask of zeros leaves the bytes as they are (RFC 6455 §5.3).
    byte[] frame =
        Arrays.copyOf(new byte[] {(byte) 0x8A, (byte) (0x80 | (to - from))}, 6 + to - from);
    System.arraycopy(b, from, frame, 6, to - from);
    sendOrEnd(frame);
  }

  @Override
  public void answered() {
    sendOrEnd(subscription.request(inbox.cursor()));
  }

  @Override
  public void end() {
    key.cancel();
  }

  private void sendOrEnd(byte[] bytes) {
    try {
      send(bytes);
    } catch (IOException e) {
      counts.trouble(e.toString());
      end();
    }
  }

  private void send(byte[] bytes) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(unsent.remaining() + bytes.length);
    unsent = all.put(unsent).put(bytes).flip();
    flush();
  }

  private void flush() throws IOException {
    if (!key.isValid()) {
      return;
    }
    line.write(unsent);
    line.await();
  }
}
