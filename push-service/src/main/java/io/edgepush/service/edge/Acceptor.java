package io.edgepush.service.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;

/**
 * Accepts connections and gives each a virtual thread. A failure to accept, such as running out of
 * descriptors, is survived; connections over the cap are answered 503. A second thread cuts
 * requests that are late.
 */
final class Acceptor implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Acceptor.class.getName());
  private static final Duration AFTER_FAILURE = Duration.ofMillis(100);
  private static final Duration SWEEP = Duration.ofMillis(500);

  private final ServerSocketChannel server;
  private final EdgeConfig config;
  private final Door door;
  private final BiConsumer<SocketChannel, HttpDeadline> serve;
  private final IntSupplier upgraded;
  private final Set<HttpDeadline> http = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;

  /**
   * An acceptor on a bound channel.
   *
   * @param door answers those that are not taken
   * @param serve serves a connection until it ends or was upgraded; blocks
   * @param upgraded how many connections were upgraded and are open
   */
  Acceptor(
      ServerSocketChannel server,
      EdgeConfig config,
      Door door,
      BiConsumer<SocketChannel, HttpDeadline> serve,
      IntSupplier upgraded) {
    this.server = server;
    this.config = config;
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

  /** From now on every new connection is answered 503. */
  void refuse() {
    refusing = true;
  }

  private void acceptAll() {
    boolean failing = false;
    while (server.isOpen()) {
      try {
        begin(server.accept());
        failing = false;
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException | RuntimeException e) {
        if (!failing) {
          LOG.log(System.Logger.Level.WARNING, "accepting fails, going on: {0}", e.toString());
        }
        failing = true;
        LockSupport.parkNanos(AFTER_FAILURE.toNanos());
      }
    }
  }

  private void begin(SocketChannel channel) throws IOException {
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    } catch (IOException e) {
      channel.close(); // the client is gone already; the listener is not to blame
      return;
    }
    boolean last = refusing;
    boolean full = door.isFull(http.size() + upgraded.getAsInt());
    HttpDeadline deadline = new HttpDeadline(channel, config.requestTimeout(), http);
    Thread.ofVirtual()
        .name("edge-", 0)
        .start(
            () -> {
              try {
                if (last) {
                  door.refuseLast(channel, deadline);
                } else if (full) {
                  door.refuseFull(channel, deadline);
                } else {
                  serve.accept(channel, deadline);
                }
              } finally {
                deadline.over();
              }
            });
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
