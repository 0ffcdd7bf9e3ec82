package io.edgepush.bench.load;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One publishing connection: a lane of its own, one call at a time. A number is taken by the events
 * of a call that succeeded only, so what the service refused is not missed by anybody. For one
 * thread.
 */
final class Publisher {
  private static final int ANSWER_BYTES = 1 << 20;
  private static final int LONGEST_TROUBLE = 300;

  private final Endpoint endpoint;
  private final Template template;
  private final ByteBuffer call;
  private final int lane;
  private final int[] topics;
  private final long[] seqs;
  private final int lanes;
  private final ByteBuffer answer;
  private SocketChannel channel;
  private Line line;
  private SelectionKey key;
  private long meant;
  private String trouble = "";

  /**
   * Not connected yet.
   *
   * @param seqs the next sequence numbers, by {@code topic * lanes + lane}
   */
  Publisher(Endpoint endpoint, Template template, int lane, int lanes, long[] seqs) {
    this.endpoint = endpoint;
    this.template = new Template(template.bytes().clone(), template.topicAt(), template.markAt());
    this.call = ByteBuffer.wrap(this.template.bytes());
    this.lane = lane;
    this.lanes = lanes;
    this.seqs = seqs;
    this.topics = new int[template.markAt().length];
    this.answer = ByteBuffer.allocate(Math.min(ANSWER_BYTES, 4_096 + 256 * topics.length));
  }

  /** Connects if need be, and writes a call whose events go to the topics from {@code first} on. */
  void send(Selector selector, long first, int topicCount, long meantNanos) throws IOException {
    meant = meantNanos;
    if (channel == null) {
      connect(selector);
    }
    long micros = Ticks.micros(meantNanos);
    for (int i = 0; i < topics.length; i++) {
      topics[i] = (int) ((first + i) % topicCount);
      template.topic(i, topics[i]);
      long seq = seqs[topics[i] * lanes + lane]++;
      Mark.write(template.bytes(), template.markAt()[i], topics[i], lane, seq, micros);
    }
    answer.clear();
    call.clear();
    write();
  }

  private void connect(Selector selector) throws IOException {
    channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    if (endpoint.address().getAddress().isLoopbackAddress()) {
      channel.bind(Sources.next());
    }
    channel.connect(endpoint.address());
    channel.configureBlocking(false);
    key = channel.register(selector, SelectionKey.OP_READ, this);
    line = new Line(key, endpoint);
  }

  private void write() throws IOException {
    line.write(call);
    line.await();
  }

  /** Goes on writing or reading; true when the answer is complete. */
  boolean ready() throws IOException {
    if (key.isWritable()) {
      write();
    }
    if (!key.isReadable()) {
      return false;
    }
    int read;
    do {
      read = line.read(answer);
      if (read < 0 || !answer.hasRemaining()) {
        throw new IOException("the publish connection ended, or the answer is too long");
      }
    } while (read > 0 && line.holdsInput());
    if (call.hasRemaining()) {
      write(); // a handshake may be over
    }
    byte[] b = answer.array();
    int body = Bytes.body(b, 0, answer.position());
    if (body < 0) {
      return false;
    }
    int length = Bytes.contentLength(b, 0, body);
    if (length < 0) {
      throw new IOException("a publish answer without Content-Length");
    }
    return answer.position() >= body + length;
  }

  /** Whether the answer that is complete says that all events are stored; otherwise all are not. */
  boolean succeeded() {
    byte[] b = answer.array();
    int status = Bytes.status(b, 0);
    if (status >= 200 && status < 300 && status != 207) {
      return true;
    }
    int length = Math.min(answer.position(), LONGEST_TROUBLE);
    trouble = new String(b, 0, length, StandardCharsets.UTF_8);
    takeBack();
    return false;
  }

  private void takeBack() {
    for (int topic : topics) {
      seqs[topic * lanes + lane]--;
    }
  }

  /** The call failed: its numbers are free again, and the next call connects anew. */
  void fail(IOException e) {
    trouble = String.valueOf(e.getMessage());
    if (key != null) {
      takeBack();
    }
    close();
  }

  void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      trouble = e.toString();
    }
    channel = null;
    key = null;
  }

  long meant() {
    return meant;
  }

  String trouble() {
    return trouble;
  }
}
