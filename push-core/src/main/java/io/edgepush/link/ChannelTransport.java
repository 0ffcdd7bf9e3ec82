package io.edgepush.link;

import io.edgepush.hub.FrameBatch;
import io.edgepush.hub.Outbox;
import io.edgepush.hub.Transport;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.WireFormat;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connection that was upgraded: a non-blocking channel, registered with the engine's selector.
 */
public final class ChannelTransport implements Transport {
  private final ByteStream stream;
  private final SocketChannel channel;
  private final WireFormat format;
  private final SelectorLoop selector;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicBoolean halfClosed = new AtomicBoolean();

  /**
   * Whether the outbox waits for the channel to take more. Set by the drainer before it asks the
   * selector, cleared by the selector: so one short write leads to one {@link Outbox#writable()}.
   */
  private volatile boolean stalled;

  private int retransmissionsBefore;
  private volatile SelectionKey key;
  private volatile Outbox outbox;
  private volatile Inbound inbound;

  ChannelTransport(ByteStream stream, WireFormat format, SelectorLoop selector) {
    this.stream = stream;
    this.channel = stream.channel();
    this.format = format;
    this.selector = selector;
  }

  @Override
  public WireFormat format() {
    return format;
  }

  @Override
  public boolean singleBatch() {
    return false;
  }

  /** The channel, for what the operating system knows of it. */
  public SocketChannel channel() {
    return channel;
  }

  /** Joins the selector, without reading yet; called once, before the outbox is drained. */
  void start(Outbox box, Inbound in) {
    outbox = box;
    inbound = in;
    try {
      channel.configureBlocking(false);
      key = selector.register(this);
    } catch (IOException e) {
      end();
    }
  }

  @Override
  public Written write(FrameBatch batch) {
    ByteBuffer bytes = batch.buffer();
    try {
      int written = stream.write(bytes);
      batch.written(written);
    } catch (IOException e) {
      end();
      return Written.GONE;
    }
    if (!bytes.hasRemaining()) {
      return Written.ALL;
    }
    stalled = true;
    selector.interest(key, SelectionKey.OP_WRITE, 0);
    return Written.PART;
  }

  /**
   * Told once a heartbeat how often the kernel has retransmitted without an acknowledgement.
   *
   * @return whether the peer has acknowledged nothing since the time before: it is dead, and this
   *     connection with it
   */
  boolean retransmitting(int retransmissions) {
    boolean dead =
        retransmissions > 0
            && retransmissionsBefore > 0
            && retransmissions >= retransmissionsBefore;
    retransmissionsBefore = retransmissions;
    return dead;
  }

  /** What the kernel's table calls this connection; empty when it has ended. */
  String kernelKey() {
    try {
      return channel.getLocalAddress() instanceof InetSocketAddress local
              && channel.getRemoteAddress() instanceof InetSocketAddress remote
          ? RetransmittingPeers.key(local.getPort(), remote)
          : "";
    } catch (IOException _) {
      return "";
    }
  }

  /** Called by the selector: the channel takes more, which may be no news. */
  void writable() {
    if (stalled) {
      stalled = false;
      outbox.writable();
    }
  }

  /** Called by the selector: the client sent something. */
  void readable(ByteBuffer buffer) {
    try {
      do {
        int read = stream.read(buffer.clear());
        if (read <= 0) {
          if (read < 0) {
            end();
          }
          return;
        }
        if (!inbound.onBytes(buffer.flip())) {
          selector.interest(key, 0, SelectionKey.OP_READ);
          return;
        }
      } while (stream.holdsInput());
    } catch (IOException e) {
      end();
    }
  }

  /** Whether there may be something to read of which the selector does not know. */
  boolean holdsInput() {
    return stream.holdsInput();
  }

  /** Begins to read, or reads on after {@link Inbound#onBytes} asked for a pause. */
  public void resumeReading() {
    if (key != null) {
      int look = stream.holdsInput() ? SelectionKey.OP_WRITE : 0; // which comes at once
      selector.interest(key, SelectionKey.OP_READ | look, 0);
    }
  }

  /**
   * Ends our side; the client's end of its own side, or the second call, ends the connection. So
   * what was written arrives, and a client that does nothing can not keep the connection.
   */
  @Override
  public void close(CloseReason reason) {
    if (reason == CloseReason.GONE || !halfClosed.compareAndSet(false, true)) {
      end();
      return;
    }
    try {
      stream.endOutput();
    } catch (IOException e) {
      end();
    }
  }

  /** Ends the connection at once. */
  private void end() {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    try {
      channel.close();
    } catch (IOException _) {
      // the descriptor is released all the same
    }
    selector.wakeUp(); // so that the cancelled key is dropped
    inbound.onEnd();
  }
}
