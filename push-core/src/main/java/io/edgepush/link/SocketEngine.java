package io.edgepush.link;

import io.edgepush.hub.Hub;
import io.edgepush.hub.Outbox;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.WireFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * The selector and the drainers of a node. Safe for any thread.
 *
 * <p>One drainer serves the first {@value #CONNECTIONS_PER_DRAINER} connections: one thread that
 * sweeps is the cheapest. Those that come while more are open are spread over all drainers, as many
 * as there are processors, at most {@value #MOST_DRAINERS}. A connection stays with its drainer.
 */
public final class SocketEngine implements AutoCloseable {
  private final SelectorLoop selector = new SelectorLoop();
  private static final int CONNECTIONS_PER_DRAINER = 1_000;
  private static final int MOST_DRAINERS = 4;

  private final List<Drainer> drainers;
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * An engine that is not started yet.
   *
   * @param deliveryLatencyMs is told, at the end of each sweep, how many milliseconds ago the event
   *     that was written last was published; called on the drainers' threads
   */
  public SocketEngine(LongConsumer deliveryLatencyMs) {
    int count = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_DRAINERS);
    drainers =
        IntStream.range(0, count)
            .mapToObj(i -> new Drainer("drainer-" + i, deliveryLatencyMs))
            .toList();
  }

  /** Starts the threads. */
  public void start() {
    selector.start();
    drainers.forEach(Drainer::start);
  }

  /**
   * A connection over a stream of bytes; what is appended to its outbox waits until it is uncorked.
   */
  public Connection connection(ByteStream stream, WireFormat format, Hub hub) {
    ChannelTransport transport = new ChannelTransport(stream, format, selector);
    return new Connection(transport, hub.outbox(transport, drainer(hub)::accept).corked());
  }

  private Drainer drainer(Hub hub) {
    int open = hub.sessions().size();
    int count = Math.min(1 + open / CONNECTIONS_PER_DRAINER, drainers.size());
    return drainers.get(Math.floorMod(connections.getAndIncrement(), count));
  }

  /**
   * Takes a connection in. What was appended to its outbox goes out from {@link Outbox#uncork} on;
   * reading begins with {@link ChannelTransport#resumeReading()}.
   *
   * @param inbound takes what the client sends
   */
  public void start(Connection connection, Inbound inbound) {
    connection.transport().start(connection.outbox(), inbound);
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
    drainers.forEach(Drainer::close);
  }

  /**
   * A connection and what waits for it.
   *
   * @param transport the connection
   * @param outbox what waits
   */
  public record Connection(ChannelTransport transport, Outbox outbox) {}
}
