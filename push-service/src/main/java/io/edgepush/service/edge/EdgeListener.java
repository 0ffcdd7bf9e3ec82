package io.edgepush.service.edge;

import io.edgepush.fallbacks.HttpProblems;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.Router;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * A port: accepts, and gives each connection a virtual thread that speaks HTTP until it ends or is
 * upgraded. It goes on whatever becomes of single connections, and when descriptors run out. Safe
 * for any thread.
 */
public final class EdgeListener implements AutoCloseable {
  private static final int BACKLOG = 4096;

  private final Acceptor acceptor;
  private final Door door;
  private final EdgeContext context;
  private final Router router;
  private final Http1ConnectionSelector http;
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile boolean finishing;

  /**
   * Binds the port.
   *
   * @param port 0 for any that is free
   * @param config how large a body may be, and how requests are answered that no route sees
   * @param routing what is served
   * @param upgraders by the value of the header {@code Upgrade}
   * @param door whom to let in, and how bytes go through
   * @param upgraded how many connections were upgraded and are open
   * @throws IOException when the port can not be bound
   */
  public EdgeListener(
      String host,
      int port,
      Patience patience,
      ListenerConfig config,
      HttpRouting.Builder routing,
      Map<String, EdgeUpgrader> upgraders,
      Door door,
      IntSupplier upgraded)
      throws IOException {
    this.door = door;
    this.context = new EdgeContext(config);
    this.router = Router.builder().addRouting(routing.addFilter(this::watch)).build();
    var selector =
        Http1ConnectionSelector.builder()
            .config(EdgeHttp.config(!upgraders.isEmpty(), () -> finishing));
    upgraders.forEach(selector::putUpgrader);
    this.http = selector.build();
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(new InetSocketAddress(host, port), BACKLOG);
      this.acceptor =
          new Acceptor(server, patience, door, (c, d) -> serve(c, d, patience), upgraded);
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** Begins to accept. */
  public void start() {
    acceptor.start();
  }

  /** The port that is bound. */
  public int port() {
    return acceptor.port();
  }

  /** How many requests are being answered, long-polls that wait among them. */
  public int underWay() {
    return underWay.get();
  }

  private void watch(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    underWay.incrementAndGet();
    try {
      if (finishing) {
        response.header(HeaderValues.CONNECTION_CLOSE);
      }
      door.ending()
          .ifPresentOrElse(problem -> HttpProblems.send(response, problem), chain::proceed);
    } finally {
      underWay.decrementAndGet();
    }
  }

  /** From now on each answer is the last of its connection. */
  public void finish() {
    finishing = true;
  }

  /** From now on every new connection is answered 503, and so is every new request. */
  public void refuse() {
    finishing = true;
    door.end();
  }

  private void serve(SocketChannel channel, HttpDeadline deadline, Patience patience) {
    door.admit(channel, deadline)
        .map(
            guest ->
                new EdgeConnection(
                    door.stream(channel), guest, context, router, new Pace(deadline, patience)))
        .ifPresent(connection -> connection.serve(http));
  }

  @Override
  public void close() {
    acceptor.close();
  }
}
