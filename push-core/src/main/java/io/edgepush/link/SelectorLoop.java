package io.edgepush.link;

import io.edgepush.wire.CloseReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;

/**
 * The one thread that waits for upgraded connections: reads what clients send, and tells outboxes
 * when their channel takes more. It never blocks but in select, and owns one read buffer for all.
 */
final class SelectorLoop implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SelectorLoop.class.getName());
  private static final int READ_BUFFER_BYTES = 64 * 1024;

  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BUFFER_BYTES);
  private final Thread thread = Thread.ofPlatform().daemon().name("selector").unstarted(this::run);
  private volatile boolean running = true;

  SelectorLoop() {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void start() {
    thread.start();
  }

  /**
   * Takes a channel that is in non-blocking mode. Its transport is called once the key has an
   * interest.
   *
   * @throws ClosedChannelException when the connection has ended
   */
  SelectionKey register(ChannelTransport transport) throws ClosedChannelException {
    return transport.channel().register(selector, 0, transport);
  }

  /** Changes what a key waits for. Safe for any thread; a key that is cancelled is left alone. */
  void interest(SelectionKey key, int add, int remove) {
    try {
      if (add != 0) {
        key.interestOpsOr(add);
      }
      if (remove != 0) {
        key.interestOpsAnd(~remove);
      }
      wakeUp();
    } catch (CancelledKeyException _) {
      // the connection ended meanwhile, and its end is told elsewhere
    }
  }

  /** The registered connections; a snapshot. */
  List<ChannelTransport> connections() {
    return selector.keys().stream()
        .filter(SelectionKey::isValid)
        .map(k -> (ChannelTransport) k.attachment())
        .toList();
  }

  /** How many channels are registered. */
  int open() {
    return (int) selector.keys().stream().filter(SelectionKey::isValid).count();
  }

  void wakeUp() {
    if (Thread.currentThread() != thread) {
      selector.wakeup();
    }
  }

  private void run() {
    while (running) {
      try {
        selector.select(this::ready);
      } catch (IOException | RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "the selector failed", e);
      }
    }
  }

  private void ready(SelectionKey key) {
    ChannelTransport transport = (ChannelTransport) key.attachment();
    try {
      boolean reads = key.isReadable();
      if (key.isWritable()) {
        int interest = key.interestOpsAnd(~SelectionKey.OP_WRITE);
        reads |= transport.holdsInput() && (interest & SelectionKey.OP_READ) != 0;
        transport.writable();
      }
      if (reads && key.isValid()) {
        transport.readable(buffer);
      }
    } catch (CancelledKeyException _) {
      // the connection ended meanwhile
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a connection failed", e);
      transport.close(CloseReason.GONE);
    }
  }

  @Override
  public void close() {
    running = false;
    selector.wakeup();
    try {
      thread.join(1_000);
      selector.close();
    } catch (IOException | InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
