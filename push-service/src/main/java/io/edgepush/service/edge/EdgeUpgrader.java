package io.edgepush.service.edge;

import io.edgepush.access.Authorizer;
import io.edgepush.access.Principal;
import io.edgepush.fallbacks.SubscribeHttp;
import io.edgepush.fallbacks.TokenSources;
import io.edgepush.hub.ClientCommands;
import io.edgepush.hub.Hub;
import io.edgepush.hub.Session;
import io.edgepush.hub.SubscribeRequest;
import io.edgepush.link.Inbound;
import io.edgepush.link.SocketEngine;
import io.edgepush.link.Upgrade;
import io.edgepush.model.Problem;
import io.edgepush.model.ProblemException;
import io.edgepush.service.limits.ServiceLimits;
import io.edgepush.service.limits.Ticket;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.Frame;
import io.edgepush.wire.ServerMessage;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Takes {@code GET /subscribe} from HTTP to the engine. A request that is refused is not upgraded:
 * it falls through to the route of the same path, which answers with the problem. Safe for any
 * thread; blocks for what the authorizer and the event store take.
 */
public final class EdgeUpgrader implements Http1Upgrader {
  private static final ServerConnection DONE =
      new ServerConnection() {
        @Override
        public void handle(Limit limit) {
          // the channel goes to the engine once the HTTP connection has returned
        }

        @Override
        public Duration idleTime() {
          return Duration.ZERO;
        }

        @Override
        public void close(boolean interrupt) {
          // nothing is held here
        }
      };

  private final String protocol;
  private final Upgrade upgrade;
  private final Hub hub;
  private final ClientCommands commands;
  private final Authorizer authorizer;
  private final TokenSources tokens;
  private final SocketEngine engine;
  private final Door door;

  /**
   * An upgrader of one protocol.
   *
   * @param protocol the value of the header {@code Upgrade}
   */
  public EdgeUpgrader(
      String protocol,
      Upgrade upgrade,
      Hub hub,
      ClientCommands commands,
      Authorizer authorizer,
      TokenSources tokens,
      SocketEngine engine,
      Door door) {
    this.protocol = protocol;
    this.upgrade = upgrade;
    this.hub = hub;
    this.commands = commands;
    this.authorizer = authorizer;
    this.tokens = tokens;
    this.engine = engine;
    this.door = door;
  }

  @Override
  public String supportedProtocol() {
    return protocol;
  }

  @Override
  public ServerConnection upgrade(
      ConnectionContext ctx, HttpPrologue prologue, WritableHeaders<?> headers) {
    boolean subscribe =
        prologue.uriPath().path().equals(SubscribeHttp.PATH)
            && prologue.method().equals(Method.GET);
    if (!subscribe || door.ending().isPresent() || !(ctx instanceof EdgeConnection connection)) {
      return null;
    }
    try {
      SubscribeRequest request =
          SubscribeHttp.request(prologue.query(), headers, upgrade.topicsRequired());
      Function<String, String> lookup = SubscribeHttp.lookup(headers);
      Upgrade.Handshake handshake = upgrade.handshake(lookup);
      InetAddress peerAddress = connection.guest().address().getAddress();
      InetAddress client = door.client(peerAddress, lookup);
      String peer = client.getHostAddress();
      Principal who = authorizer.authenticate(tokens.of(prologue.query(), headers, peer));
      commands.requireSubscribe(who, request.topics());
      connection.upgradeTo(admitted(connection, client, who, request, handshake, lookup));
      return DONE;
    } catch (ProblemException _) {
      return null;
    }
  }

  /** What becomes of the channel: a subscriber's, or one that the limits refuse. */
  private Consumer<BufferData> admitted(
      EdgeConnection connection,
      InetAddress client,
      Principal who,
      SubscribeRequest request,
      Upgrade.Handshake handshake,
      Function<String, String> header) {
    ServiceLimits limits = door.limits();
    String peer = client.getHostAddress();
    Ticket ticket = Ticket.NONE;
    try {
      boolean forwarded = door.forwards(connection.guest().address().getAddress());
      ticket = forwarded ? limits.connect(client) : connection.guest().ticket();
      ticket = ticket.and(limits.enter(who, peer));
    } catch (ProblemException e) {
      ticket.close();
      return _ ->
          connection.refuse(stream -> door.refusal().write(stream, e.problem(), header::apply));
    }
    Ticket all = ticket;
    return leftover -> run(connection, who, peer, request, handshake, leftover, all);
  }

  private void run(
      EdgeConnection http,
      Principal who,
      String peer,
      SubscribeRequest request,
      Upgrade.Handshake handshake,
      BufferData leftover,
      Ticket ticket) {
    SocketEngine.Connection connection = engine.connection(http.stream(), handshake.format(), hub);
    // before anybody knows of the session
    connection.outbox().append(Frame.control(handshake.responseHead()));
    Session session = hub.open(who, peer, connection.outbox());
    Inbound inbound = counted(upgrade.inbound(session, connection.transport()), ticket);
    engine.start(connection, inbound);
    begin(session, request);
    connection.outbox().uncork();
    if (leftover.available() == 0 || inbound.onBytes(ByteBuffer.wrap(leftover.readBytes()))) {
      connection.transport().resumeReading();
    }
  }

  private static Inbound counted(Inbound inbound, Ticket ticket) {
    return ticket == Ticket.NONE ? inbound : new Counted(inbound, ticket);
  }

  /** Gives back what the connection takes up when it ends. */
  private record Counted(Inbound inbound, Ticket ticket) implements Inbound {
    @Override
    public boolean onBytes(ByteBuffer bytes) {
      return inbound.onBytes(bytes);
    }

    @Override
    public void onEnd() {
      ticket.close();
      inbound.onEnd();
    }
  }

  private void begin(Session session, SubscribeRequest request) {
    try {
      if (request.topics().isEmpty()) {
        hub.welcome(session);
      } else {
        hub.subscribe(session, request.topics(), request.start(), ServerMessage.NO_REF, true);
      }
    } catch (ProblemException e) {
      session.send(new ServerMessage.Refused(ServerMessage.NO_REF, e.problem(), ""));
      boolean tooMany = e.problem().code() == Problem.Code.TOO_MANY_REQUESTS;
      if (tooMany) {
        door.limits().tooManyTopics();
      }
      session.end(tooMany ? CloseReason.OVERLOADED : CloseReason.INTERNAL_ERROR);
    }
  }
}
