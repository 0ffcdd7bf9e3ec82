package io.edgepush.service.edge;

import io.edgepush.fallbacks.CrossOrigin;
import io.edgepush.link.ByteStream;
import io.edgepush.link.PlainStream;
import io.edgepush.model.Problem;
import io.edgepush.model.ProblemException;
import io.edgepush.service.limits.Proxies;
import io.edgepush.service.limits.ServiceLimits;
import io.edgepush.service.limits.Ticket;
import io.edgepush.service.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Finds out who made a connection, and whether it may. Each listener has one. Safe for any thread;
 * blocks while a PROXY header is read or a refusal written.
 */
public final class Door {
  private static final System.Logger LOG = System.getLogger(Door.class.getName());

  /** How long a connection that is refused may keep a descriptor. */
  private static final Duration REFUSED = Duration.ofSeconds(2);

  private static final Problem ENDING =
      Problem.retryable(Problem.Code.UNAVAILABLE, "the node is about to end", 1_000);

  private final ServiceLimits limits;
  private final Supplier<Proxies> proxies;
  private final Optional<ServerTls> tls;
  private final Refusal refusal;
  private final Supplier<Optional<Problem>> overload;
  private final int mostRefused;
  private final AtomicInteger refusing = new AtomicInteger();
  private volatile boolean ending;

  /**
   * A door.
   *
   * @param tls how bytes go through an accepted connection, behind a PROXY header; as they are
   *     without
   * @param crossOrigin which pages may read a refusal
   * @param overload why nobody new is let in now; empty when they are
   * @param mostRefused how many that are refused are answered at the same time; over it they are
   *     closed
   */
  public Door(
      ServiceLimits limits,
      Supplier<Proxies> proxies,
      Optional<ServerTls> tls,
      CrossOrigin crossOrigin,
      Supplier<Optional<Problem>> overload,
      int mostRefused) {
    this.refusal = new Refusal(crossOrigin);
    this.limits = limits;
    this.proxies = proxies;
    this.tls = tls;
    this.overload = overload;
    this.mostRefused = mostRefused;
  }

  /** How a request is answered that is refused after it was read. */
  Refusal refusal() {
    return refusal;
  }

  /** How bytes go through a connection that was let in. */
  ByteStream stream(SocketChannel channel) {
    return tls.<ByteStream>map(t -> t.stream(channel)).orElseGet(() -> new PlainStream(channel));
  }

  /**
   * Somebody who was let in.
   *
   * @param address the client's, or the proxy's when a header of each request names the client
   * @param ticket what the connection takes up
   */
  record Guest(InetSocketAddress address, Ticket ticket) {}

  /** Whether a client reads what is written without TLS. */
  boolean answersInPlainText() {
    return tls.isEmpty();
  }

  /** From now on nobody is let in, and nothing new is begun. */
  void end() {
    ending = true;
  }

  /** Why nothing new is begun; empty as long as it is. */
  Optional<Problem> ending() {
    return ending ? Optional.of(ENDING) : Optional.empty();
  }

  /**
   * Why a new connection is not taken; empty when it is.
   *
   * @param connections how many there are
   */
  Optional<Problem> objection(int connections) {
    if (ending) {
      return ending();
    }
    return limits.isFull(connections) ? Optional.of(limits.full()) : overload.get();
  }

  /** Lets a new connection in, or answers and closes it. */
  Optional<Guest> admit(SocketChannel channel, HttpDeadline deadline) {
    try {
      InetSocketAddress address = address(channel);
      boolean later = proxies.get().forwards(address.getAddress());
      return Optional.of(
          new Guest(address, later ? Ticket.NONE : limits.connect(address.getAddress())));
    } catch (ProblemException e) {
      refuse(channel, deadline, e.problem());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a connection was closed: {0}", e.getMessage());
      close(channel);
    }
    return Optional.empty();
  }

  private InetSocketAddress address(SocketChannel channel) throws IOException {
    if (!(channel.getRemoteAddress() instanceof InetSocketAddress peer)) {
      throw new IOException("the connection is lost");
    }
    Proxies known = proxies.get();
    return known.proxyProtocol() && known.trusts(peer.getAddress())
        ? ProxyHeader.read(channel).orElse(peer)
        : peer;
  }

  /** Answers a connection that is not taken, and closes it. */
  void refuse(SocketChannel channel, HttpDeadline deadline, Problem problem) {
    deadline.set(REFUSED);
    try {
      if (refusing.incrementAndGet() > mostRefused) {
        close(channel);
      } else {
        refusal.answer(stream(channel), problem);
      }
    } finally {
      refusing.decrementAndGet();
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // the descriptor is released all the same
    }
  }

  /**
   * Whom a request comes from.
   *
   * @param peer who is connected
   * @param headers see {@link Proxies#client}
   */
  public InetAddress client(InetAddress peer, Function<String, String> headers) {
    return proxies.get().client(peer, headers);
  }

  /** Whether a header names the client, so that the connection itself was not counted. */
  public boolean forwards(InetAddress peer) {
    return proxies.get().forwards(peer);
  }

  /** The limits. */
  public ServiceLimits limits() {
    return limits;
  }
}
