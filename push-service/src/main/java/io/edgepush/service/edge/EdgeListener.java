package io.edgepush.service.edge;

import io.edgepush.access.Authorizer;
import io.edgepush.fallbacks.TokenSources;
import io.edgepush.hub.ClientCommands;
import io.edgepush.hub.Hub;
import io.edgepush.link.SocketEngine;
import io.edgepush.link.Upgrade;
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

/**
 * The public port: accepts, and gives each connection a virtual thread that speaks HTTP until it is
 * upgraded. Safe for any thread.
 */
public final class EdgeListener implements AutoCloseable {
  private static final int BACKLOG = 4096;
  private static final long MAX_BODY_BYTES = 64 * 1024;

  private final Acceptor acceptor;
  private final Door door;
  private final EdgeContext context = new EdgeContext(MAX_BODY_BYTES);
  private final Router router;
  private final Http1ConnectionSelector http;
  private final AtomicInteger underWay = new AtomicInteger();

  /**
   * Binds the port.
   *
   * @param door whom to let in, and how bytes go through
   * @param routing pages, negotiation, and {@code /subscribe} for requests that are not upgraded
   * @param upgrades by the value of the header {@code Upgrade}
   * @throws IOException when the port can not be bound
   */
  public EdgeListener(
      EdgeConfig config,
      HttpRouting.Builder routing,
      Map<String, Upgrade> upgrades,
      Hub hub,
      ClientCommands commands,
      Authorizer authorizer,
      TokenSources tokens,
      SocketEngine engine,
      Door door)
      throws IOException {
    this.door = door;
    this.router = Router.builder().addRouting(routing.addFilter(this::count)).build();
    var selector =
        Http1ConnectionSelector.builder().config(EdgeHttp.config(config.requestTimeout()));
    upgrades.forEach(
        (name, upgrade) ->
            selector.putUpgrader(
                name,
                new EdgeUpgrader(name, upgrade, hub, commands, authorizer, tokens, engine, door)));
    this.http = selector.build();
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(new InetSocketAddress(config.host(), config.port()), BACKLOG);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    this.acceptor = new Acceptor(server, config, door, this::serve, () -> upgraded(hub));
  }

  private static int upgraded(Hub hub) {
    var open = hub.statistics().connections();
    return open.get("websocket").intValue() + open.get("sse").intValue();
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

  private void count(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    underWay.incrementAndGet();
    try {
      chain.proceed();
    } finally {
      underWay.decrementAndGet();
    }
  }

  /** From now on every new connection is answered 503. */
  public void refuse() {
    acceptor.refuse();
  }

  private void serve(SocketChannel channel, HttpDeadline deadline) {
    door.admit(channel, deadline)
        .ifPresent(
            guest ->
                new EdgeConnection(door.stream(channel), guest, context, router, deadline)
                    .serve(http));
  }

  @Override
  public void close() {
    acceptor.close();
  }
}
