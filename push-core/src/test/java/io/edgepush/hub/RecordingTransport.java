package io.edgepush.hub;

import io.edgepush.hub.client.Decoder;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection in memory: takes as many bytes as it is allowed to, and hands them to a decoder. For
 * the thread that drains; {@link #closed()} is for any.
 */
final class RecordingTransport implements Transport {
  private final WireFormat format;
  private final Decoder decoder;
  private final List<CloseReason> closed = new ArrayList<>();
  private int allowance = Integer.MAX_VALUE;
  private boolean gone;

  RecordingTransport(WireFormat format, Decoder decoder) {
    this.format = format;
    this.decoder = decoder;
  }

  /** A transport whose bytes are kept as they are. */
  static RecordingTransport into(ByteArrayOutputStream bytes) {
    return new RecordingTransport(
        WireFormat.WEBSOCKET_JSON, (chunk, length) -> bytes.write(chunk, 0, length));
  }

  /** From now on the client takes so many bytes more. */
  void allow(int bytes) {
    allowance = bytes;
  }

  /** From now on the connection is lost. */
  void lose() {
    gone = true;
  }

  /** With what it was closed, in order. */
  List<CloseReason> closed() {
    synchronized (closed) {
      return List.copyOf(closed);
    }
  }

  @Override
  public WireFormat format() {
    return format;
  }

  @Override
  public boolean singleBatch() {
    return false;
  }

  @Override
  public Written write(FrameBatch batch) {
    if (gone) {
      return Written.GONE;
    }
    ByteBuffer buffer = batch.buffer();
    byte[] bytes = new byte[Math.min(buffer.remaining(), allowance)];
    buffer.get(bytes);
    decoder.feed(bytes, bytes.length);
    batch.written(bytes.length);
    allowance = allowance == Integer.MAX_VALUE ? allowance : allowance - bytes.length;
    return buffer.hasRemaining() ? Written.PART : Written.ALL;
  }

  @Override
  public void close(CloseReason reason) {
    synchronized (closed) {
      closed.add(reason);
    }
  }
}
