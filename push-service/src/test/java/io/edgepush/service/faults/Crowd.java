package io.edgepush.service.faults;

import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Thousands of event streams of one topic, read by one thread, that measure how long each event
 * took to each of them. For one thread.
 */
final class Crowd implements AutoCloseable {
  private static final byte[] REQUEST =
      "GET /subscribe?topic=crowd HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  /** Before an event's data, and nowhere else. */
  private static final byte[] EVENT = "\"data\":".getBytes(StandardCharsets.US_ASCII);

  private static final long HANG_MS = 60_000;

  private final Selector selector;
  private final int privatePort;
  private final int size;
  private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);

  /** What a connection has read of the word before an event's data. */
  private static final class Progress {
    private int matched;
    private boolean subscribed;
  }

  /** Connects all of them and waits until they are subscribed. */
  Crowd(Nodes nodes, int size) throws IOException {
    this.size = size;
    this.privatePort = nodes.privatePort(0);
    this.selector = Selector.open();
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), nodes.publicPort(0));
    for (int i = 0; i < size; i++) {
      SocketChannel channel = SocketChannel.open(address);
      channel.write(ByteBuffer.wrap(REQUEST));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new Progress());
    }
    await(size, true);
  }

  /** Publishes events one after the other; the times from each to each, in nanoseconds, sorted. */
  long[] measure(int events) throws IOException {
    long[] times = new long[events * size];
    for (int event = 0; event < events; event++) {
      long from = System.nanoTime();
      byte[] request =
          HttpText.withBody(
              "POST /v1/events",
              "{\"topic\":\"crowd\",\"data\":1}",
              "Content-Type: application/json");
      if (LiveNode.exchange(privatePort, request).status() != 200) {
        throw new AssertionError("not published");
      }
      long[] arrived = await(size, false);
      for (int i = 0; i < size; i++) {
        times[event * size + i] = arrived[i] - from;
      }
    }
    Arrays.sort(times);
    return times;
  }

  /** When each came of so many. */
  private long[] await(int count, boolean subscribed) throws IOException {
    long[] times = new long[count];
    int[] came = {0};
    long deadline = System.nanoTime() + HANG_MS * 1_000_000;
    while (came[0] < count) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(came[0] + " of " + count);
      }
      selector.select(
          key -> {
            if (read(key, subscribed)) {
              times[came[0]++] = System.nanoTime();
            }
          },
          HANG_MS);
    }
    return times;
  }

  private boolean read(SelectionKey key, boolean subscribing) {
    Progress progress = (Progress) key.attachment();
    buffer.clear();
    try {
      if (((SocketChannel) key.channel()).read(buffer) < 0) {
        throw new AssertionError("ended");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    buffer.flip();
    if (subscribing) {
      String text = StandardCharsets.US_ASCII.decode(buffer).toString();
      boolean before = progress.subscribed;
      progress.subscribed |= text.contains("event: subscribed");
      return progress.subscribed && !before;
    }
    boolean came = false;
    while (buffer.hasRemaining()) {
      byte b = buffer.get();
      progress.matched =
          b == EVENT[progress.matched] ? progress.matched + 1 : b == EVENT[0] ? 1 : 0;
      if (progress.matched == EVENT.length) {
        progress.matched = 0;
        came = true;
      }
    }
    return came;
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
