package io.edgepush.service.edge;

import io.edgepush.model.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;

/**
 * Accepts connections and gives each a virtual thread. A failure to accept is survived; where it is
 * for want of descriptors, connections are refused by a spare one. A second thread cuts requests
 * that are late.
 */
final class Acceptor implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Acceptor.class.getName());
  private static final Duration AFTER_FAILURE = Duration.ofMillis(100);
  private static final Duration SWEEP = Duration.ofMillis(500);

  private final ServerSocketChannel server;
  private final Patience patience;
  private final Door door;
  private final BiConsumer<SocketChannel, HttpDeadline> serve;
  private final IntSupplier upgraded;
  private final Set<HttpDeadline> http = ConcurrentHashMap.newKeySet();
  private final Starter starter = new Starter("edge");

  /**
   * An acceptor on a bound channel.
   *
   * @param door says who is not taken, and answers those
   * @param serve serves a connection until it ends or was upgraded; blocks
   * @param upgraded how many connections were upgraded and are open
   */
  Acceptor(
      ServerSocketChannel server,
      Patience patience,
      Door door,
      BiConsumer<SocketChannel, HttpDeadline> serve,
      IntSupplier upgraded) {
    this.server = server;
    this.patience = patience;
    this.door = door;
    this.serve = serve;
    this.upgraded = upgraded;
  }

  void start() {
    Thread.ofPlatform().daemon().name("acceptor").start(this::acceptAll);
    Thread.ofVirtual().name("edge-deadlines").start(this::enforceDeadlines);
  }

  int port() {
    try {
      return ((InetSocketAddress) server.getLocalAddress()).getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void acceptAll() {
    boolean failing = false;
    try (SpareDescriptor spare = new SpareDescriptor(door.refusal())) {
      while (server.isOpen()) {
        try {
          begin(server.accept());
          failing = false;
        } catch (ClosedChannelException _) {
          return;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
          if (!failing) {
            LOG.log(System.Logger.Level.WARNING, "accepting fails, going on: {0}", e.toString());
          }
          failing = true;
          acceptBy(spare);
        }
      }
    }
  }

  /** Waits a moment where even that does not work: connections wait in the backlog meanwhile. */
  private void acceptBy(SpareDescriptor spare) {
    try {
      Optional<SocketChannel> accepted = spare.accept(server, door.answersInPlainText());
      if (accepted.isPresent()) {
        begin(accepted.get());
      } else {
        door.limits().timesFull().increment();
      }
    } catch (IOException | RuntimeException | OutOfMemoryError _) {
      LockSupport.parkNanos(AFTER_FAILURE.toNanos());
    }
  }

  private void begin(SocketChannel channel) throws IOException {
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    } catch (IOException e) {
      channel.close(); // the client is gone already; the listener is not to blame
      return;
    }
    Optional<Problem> refusal = door.objection(http.size() + upgraded.getAsInt());
    HttpDeadline deadline = new HttpDeadline(channel, patience.request(), http);
    try {
      starter.start(() -> handle(channel, deadline, refusal));
    } catch (RuntimeException | OutOfMemoryError e) {
      deadline.over();
      channel.close();
      throw e;
    }
  }

  private void handle(SocketChannel channel, HttpDeadline deadline, Optional<Problem> refusal) {
    try {
      refusal.ifPresentOrElse(
          problem -> door.refuse(channel, deadline, problem),
          () -> serve.accept(channel, deadline));
    } finally {
      deadline.over();
    }
  }

  private void enforceDeadlines() {
    while (server.isOpen()) {
      LockSupport.parkNanos(SWEEP.toNanos());
      long now = System.nanoTime();
      http.forEach(deadline -> deadline.enforce(now));
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the listener could not be closed", e);
    }
    http.forEach(HttpDeadline::cut);
  }
}
