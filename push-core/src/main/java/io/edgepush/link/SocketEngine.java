package io.edgepush.link;

import io.edgepush.hub.Hub;
import io.edgepush.hub.Outbox;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.WireFormat;
import java.util.Map;
import java.util.function.LongConsumer;

/** The selector and the drainer of a node. Safe for any thread. */
public final class SocketEngine implements AutoCloseable {
  private final SelectorLoop selector = new SelectorLoop();
  private final Drainer drainer;

  /**
   * An engine that is not started yet.
   *
   * @param deliveryLatencyMs is told, once a write, how many milliseconds ago the newest event in
   *     it was published; called on the drainer's thread
   */
  public SocketEngine(LongConsumer deliveryLatencyMs) {
    drainer = new Drainer("drainer-0", deliveryLatencyMs);
  }

  /** Starts the threads. */
  public void start() {
    selector.start();
    drainer.start();
  }

  /**
   * A connection over a stream of bytes; what is appended to its outbox waits until it is started.
   */
  public Connection connection(ByteStream stream, WireFormat format, Hub hub) {
    ChannelTransport transport = new ChannelTransport(stream, format, selector);
    return new Connection(transport, hub.outbox(transport, drainer::accept).corked());
  }

  /**
   * Takes a connection in: what was and will be appended to its outbox goes out. Reading begins
   * with {@link ChannelTransport#resumeReading()}.
   *
   * @param inbound takes what the client sends
   */
  public void start(Connection connection, Inbound inbound) {
    connection.transport().start(connection.outbox(), inbound);
    connection.outbox().uncork();
  }

  /**
   * Ends the connections whose peer has acknowledged nothing since the call before, where the
   * operating system tells. Called once a heartbeat, by one thread; takes milliseconds.
   */
  public void endDeadPeers() {
    Map<String, Integer> retransmitting = RetransmittingPeers.read();
    for (ChannelTransport transport : selector.connections()) {
      int retransmissions =
          retransmitting.isEmpty() ? 0 : retransmitting.getOrDefault(transport.kernelKey(), 0);
      if (transport.retransmitting(retransmissions)) {
        transport.close(CloseReason.GONE);
      }
    }
  }

  /** How many connections are open. */
  public int open() {
    return selector.open();
  }

  @Override
  public void close() {
    selector.close();
    drainer.close();
  }

  /**
   * A connection and what waits for it.
   *
   * @param transport the connection
   * @param outbox what waits
   */
  public record Connection(ChannelTransport transport, Outbox outbox) {}
}
