package io.edgepush.service.edge;

import io.edgepush.link.ByteStream;
import io.edgepush.model.Problem;
import io.edgepush.wire.ProblemJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Function;
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
  private static final byte[] REFUSAL = refusal();

  private final ServerSocketChannel server;
  private final EdgeConfig config;
  private final Function<SocketChannel, ByteStream> streams;
  private final BiConsumer<ByteStream, HttpDeadline> serve;
  private final IntSupplier upgraded;
  private final Set<HttpDeadline> http = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;

  /**
   * An acceptor on a bound channel.
   *
   * @param streams how bytes go through a connection
   * @param serve serves a connection until it ends or was upgraded; blocks
   * @param upgraded how many connections were upgraded and are open
   */
  Acceptor(
      ServerSocketChannel server,
      EdgeConfig config,
      Function<SocketChannel, ByteStream> streams,
      BiConsumer<ByteStream, HttpDeadline> serve,
      IntSupplier upgraded) {
    this.server = server;
    this.config = config;
    this.streams = streams;
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
    boolean full = refusing || http.size() + upgraded.getAsInt() >= config.maxConnections();
    HttpDeadline deadline = new HttpDeadline(channel, config.requestTimeout(), http);
    Thread.ofVirtual()
        .name("edge-", 0)
        .start(
            () -> {
              try {
                if (full) {
                  refuse(channel);
                } else {
                  serve.accept(streams.apply(channel), deadline);
                }
              } finally {
                deadline.over();
              }
            });
  }

  /**
   * Reads what is there first: closing with unread bytes would reset the connection and lose the
   * answer.
   */
  private void refuse(SocketChannel channel) {
    try (channel) {
      ByteStream stream = streams.apply(channel);
      stream.read(ByteBuffer.allocate(8 * 1024));
      stream.write(ByteBuffer.wrap(REFUSAL));
      stream.endOutput();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.TRACE, "a refused connection was lost", e);
    }
  }

  private static byte[] refusal() {
    byte[] body =
        ProblemJson.encode(
            Problem.retryable(
                Problem.Code.UNAVAILABLE, "the node takes no more connections", 1_000));
    String head =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: "
            + ProblemJson.MEDIA_TYPE
            + "\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    return (head + new String(body, StandardCharsets.US_ASCII)).getBytes(StandardCharsets.US_ASCII);
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
