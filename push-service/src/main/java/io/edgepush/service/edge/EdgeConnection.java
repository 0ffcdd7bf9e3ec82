package io.edgepush.service.edge;

import io.edgepush.link.ByteStream;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.FixedLimit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/**
 * One accepted connection as long as it speaks HTTP, on one virtual thread. An upgrade is noted
 * here and takes the channel once Helidon's connection has returned.
 */
final class EdgeConnection implements ConnectionContext {
  private static final System.Logger LOG = System.getLogger(EdgeConnection.class.getName());

  /** How long a client that was refused may go on sending. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final ByteStream stream;
  private final Door.Guest guest;
  private final EdgeSocket socket;
  private final DataReader reader;
  private final ListenerContext listener;
  private final Router router;
  private final Pace pace;
  private Consumer<BufferData> upgrade;
  private boolean last;
  private boolean ended;

  EdgeConnection(
      ByteStream stream, Door.Guest guest, ListenerContext listener, Router router, Pace pace) {
    this.stream = stream;
    this.guest = guest;
    this.socket = new EdgeSocket(stream, guest.address());
    this.reader = new DataReader(this::next);
    this.listener = listener;
    this.router = router;
    this.pace = pace;
  }

  private byte[] next() {
    if (ended) {
      return null;
    }
    try {
      pace.reading();
      byte[] bytes = socket.get();
      pace.read();
      return bytes;
    } catch (UncheckedIOException e) {
      throw new ServerConnectionException("the connection is lost", e);
    }
  }

  /** Serves requests until the connection ends or is upgraded. Blocks. */
  void serve(Http1ConnectionSelector http) {
    try {
      http.connection(this).handle(FixedLimit.create());
    } catch (CloseConnectionException | UncheckedIOException e) {
      LOG.log(System.Logger.Level.TRACE, "connection ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (HttpException | RequestException e) {
      LOG.log(System.Logger.Level.DEBUG, "request refused", e);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a connection failed", e);
    }
    if (upgrade == null) {
      guest.ticket().close();
      pace.ends(LINGER);
      socket.closeGently();
    } else {
      pace.over();
      int left = reader.available();
      upgrade.accept(left == 0 ? BufferData.empty() : reader.readBuffer(left));
    }
  }

  /**
   * Takes note of the head of a request.
   *
   * @param hasBody whether a body follows
   * @param isLast whether the client wants the connection to end behind the answer (RFC 9112 §9.6)
   */
  void asked(boolean hasBody, boolean isLast) {
    pace.headed(hasBody);
    last = isLast;
  }

  /** Takes note of the answer to the request. */
  void answered() {
    pace.answered();
    ended = last;
  }

  /**
   * Hands the channel over once the request's thread is done with HTTP, with the bytes that were
   * read too much.
   */
  void upgradeTo(Consumer<BufferData> next) {
    upgrade = next;
  }

  /** Answers instead of an upgrade by some means, and ends the connection. Blocks. */
  void refuse(Answering answer) {
    guest.ticket().close();
    pace.ends(LINGER);
    try {
      answer.to(stream);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.TRACE, "a refused request was lost", e);
    }
    socket.closeGently();
  }

  /** Writes an answer. */
  @FunctionalInterface
  interface Answering {
    /** Blocks until it is written. */
    void to(ByteStream stream) throws IOException;
  }

  /** Who is connected. */
  Door.Guest guest() {
    return guest;
  }

  /** The bytes of the connection. */
  ByteStream stream() {
    return stream;
  }

  @Override
  public ListenerContext listenerContext() {
    return listener;
  }

  @Override
  public ExecutorService executor() {
    return listener.executor();
  }

  @Override
  public DataWriter dataWriter() {
    return socket;
  }

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public Router router() {
    return router;
  }

  @Override
  public HelidonSocket serverSocket() {
    return socket;
  }

  @Override
  public PeerInfo remotePeer() {
    return socket.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return socket.localPeer();
  }

  @Override
  public boolean isSecure() {
    return socket.isSecure();
  }

  @Override
  public String socketId() {
    return socket.socketId();
  }

  @Override
  public String childSocketId() {
    return socket.childSocketId();
  }
}
