package io.edgepush.service;

import io.edgepush.access.Authorizer;
import io.edgepush.access.Principal;
import io.edgepush.fallbacks.HttpProblems;
import io.edgepush.fallbacks.LongPollRoute;
import io.edgepush.fallbacks.SubscribeHttp;
import io.edgepush.fallbacks.TokenSources;
import io.edgepush.hub.ClientCommands;
import io.edgepush.hub.SubscribeRequest;
import io.edgepush.model.ProblemException;
import io.edgepush.service.edge.Door;
import io.edgepush.service.limits.Ticket;
import io.edgepush.service.websocket.WebSocketUpgrade;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * {@code GET /subscribe} for requests that were not upgraded: those that ask for long-poll, and
 * those whose upgrade was refused, which get to know why.
 *
 * @param longPoll answers, and refuses what any transport would refuse
 * @param webSocket says what is wrong with a WebSocket handshake
 * @param commands refuses topics
 * @param authorizer refuses tokens
 * @param tokens where they are
 * @param door refuses clients that have too many connections
 */
record SubscribeRoute(
    LongPollRoute longPoll,
    WebSocketUpgrade webSocket,
    ClientCommands commands,
    Authorizer authorizer,
    TokenSources tokens,
    Door door)
    implements Handler {

  @Override
  public void handle(ServerRequest request, ServerResponse response) throws Exception {
    if (!request.prologue().method().equals(Method.GET)) {
      HttpProblems.methodNotAllowed(response, "GET");
      return;
    }
    if (request.headers().value(HeaderNames.UPGRADE).orElse("").equals("websocket")) {
      try {
        refuseAsTheUpgradeDid(request);
      } catch (ProblemException e) {
        HttpProblems.send(response, e.problem());
        return;
      }
    }
    poll(request, response);
  }

  /** A poll counts as a connection while it waits. */
  private void poll(ServerRequest request, ServerResponse response) throws Exception {
    InetAddress peer = ((InetSocketAddress) request.remotePeer().address()).getAddress();
    InetAddress client = door.client(peer, SubscribeHttp.lookup(request.headers()));
    Ticket ticket = Ticket.NONE;
    try {
      ticket = door.forwards(peer) ? door.limits().enter(client) : Ticket.NONE;
      Optional<Principal> who = known(request, client);
      if (who.isPresent()) {
        ticket = ticket.and(door.limits().enter(who.get(), client.getHostAddress()));
      }
      longPoll.answer(
          request,
          response,
          client.getHostAddress(),
          () -> who.orElseGet(() -> authenticate(request)));
    } catch (ProblemException e) {
      HttpProblems.send(response, e.problem());
    } finally {
      ticket.close();
    }
  }

  /** Who presents a token that is valid; one that is not is refused when its turn comes. */
  private Optional<Principal> known(ServerRequest request, InetAddress client) {
    var credentials = tokens.of(request.query(), request.headers(), client.getHostAddress());
    if (credentials.token().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(authorizer.authenticate(credentials));
    } catch (ProblemException _) {
      return Optional.empty();
    }
  }

  private Principal authenticate(ServerRequest request) {
    String peer = request.remotePeer().host();
    return authorizer.authenticate(tokens.of(request.query(), request.headers(), peer));
  }

  /** A WebSocket needs no topic in its URL, so long-poll's answer could be another one. */
  private void refuseAsTheUpgradeDid(ServerRequest request) {
    SubscribeRequest asked =
        SubscribeHttp.request(request.query(), request.headers(), webSocket.topicsRequired());
    webSocket.handshake(SubscribeHttp.lookup(request.headers()));
    commands.requireSubscribe(authenticate(request), asked.topics());
  }
}
