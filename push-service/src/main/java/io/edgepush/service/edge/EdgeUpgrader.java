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
import io.edgepush.model.ProblemException;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.Frame;
import io.edgepush.wire.ServerMessage;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Takes {@code GET /subscribe} from HTTP to the engine. A request that is refused is not upgraded:
 * it falls through to the route of the same path, which answers with the problem.
 */
final class EdgeUpgrader implements Http1Upgrader {
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

  EdgeUpgrader(
      String protocol,
      Upgrade upgrade,
      Hub hub,
      ClientCommands commands,
      Authorizer authorizer,
      TokenSources tokens,
      SocketEngine engine) {
    this.protocol = protocol;
    this.upgrade = upgrade;
    this.hub = hub;
    this.commands = commands;
    this.authorizer = authorizer;
    this.tokens = tokens;
    this.engine = engine;
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
    if (!subscribe || !(ctx instanceof EdgeConnection connection)) {
      return null;
    }
    try {
      SubscribeRequest request =
          SubscribeHttp.request(prologue.query(), headers, upgrade.topicsRequired());
      byte[] head =
          upgrade.responseHead(name -> headers.value(HeaderNames.create(name)).orElse(""));
      String peer = ctx.remotePeer().host();
      Principal who = authorizer.authenticate(tokens.of(prologue.query(), headers, peer));
      commands.requireSubscribe(who, request.topics());
      connection.upgradeTo(leftover -> run(connection, who, peer, request, head, leftover));
      return DONE;
    } catch (ProblemException _) {
      return null;
    }
  }

  private void run(
      EdgeConnection http,
      Principal who,
      String peer,
      SubscribeRequest request,
      byte[] head,
      BufferData leftover) {
    SocketEngine.Connection connection = engine.connection(http.stream(), upgrade.format(), hub);
    connection.outbox().append(Frame.control(head)); // before anybody knows of the session
    Session session = hub.open(who, peer, connection.outbox());
    Inbound inbound = upgrade.inbound(session, connection.transport());
    engine.start(connection, inbound);
    begin(session, request);
    if (leftover.available() == 0 || inbound.onBytes(ByteBuffer.wrap(leftover.readBytes()))) {
      connection.transport().resumeReading();
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
      session.end(CloseReason.INTERNAL_ERROR);
    }
  }
}
