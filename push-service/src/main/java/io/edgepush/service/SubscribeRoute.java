package io.edgepush.service;

import io.edgepush.access.Authorizer;
import io.edgepush.access.Principal;
import io.edgepush.fallbacks.HttpProblems;
import io.edgepush.fallbacks.LongPollRoute;
import io.edgepush.fallbacks.SubscribeHttp;
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

/**
 * {@code GET /subscribe} for requests that were not upgraded: those that ask for long-poll, and
 * those whose upgrade was refused, which get to know why.
 *
 * @param longPoll answers, and refuses what any transport would refuse
 * @param webSocket says what is wrong with a WebSocket handshake
 * @param commands refuses topics
 * @param authorizer refuses tokens
 * @param door refuses clients that have too many connections
 */
record SubscribeRoute(
    LongPollRoute longPoll,
    WebSocketUpgrade webSocket,
    ClientCommands commands,
    Authorizer authorizer,
    Door door)
    implements Handler {
  SubscribeRoute(
      LongPollRoute longPoll, ClientCommands commands, Authorizer authorizer, Door door) {
    this(longPoll, new WebSocketUpgrade(commands, door.limits()), commands, authorizer, door);
  }

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
    InetAddress client = door.client(peer, name -> joined(request, name));
    Ticket ticket = Ticket.NONE;
    try {
      ticket = door.forwards(peer) ? door.limits().enter(client) : Ticket.NONE;
      ticket = ticket.and(subject(request, client));
      longPoll.handle(request, response);
    } catch (ProblemException e) {
      HttpProblems.send(response, e.problem());
    } finally {
      ticket.close();
    }
  }

  private Ticket subject(ServerRequest request, InetAddress client) {
    var credentials =
        SubscribeHttp.credentials(request.query(), request.headers(), client.getHostAddress());
    if (credentials.token().isEmpty()) {
      return Ticket.NONE;
    }
    Principal who;
    try {
      who = authorizer.authenticate(credentials);
    } catch (ProblemException _) {
      return Ticket.NONE; // the poll is refused for it
    }
    return door.limits().enter(who, client.getHostAddress());
  }

  private static String joined(ServerRequest request, String name) {
    var header = HeaderNames.create(name);
    return request.headers().contains(header)
        ? String.join(",", request.headers().get(header).allValues())
        : "";
  }

  /** A WebSocket needs no topic in its URL, so long-poll's answer could be another one. */
  private void refuseAsTheUpgradeDid(ServerRequest request) {
    SubscribeRequest asked =
        SubscribeHttp.request(request.query(), request.headers(), webSocket.topicsRequired());
    webSocket.responseHead(name -> request.headers().value(HeaderNames.create(name)).orElse(""));
    String peer = request.remotePeer().host();
    Principal who =
        authorizer.authenticate(
            SubscribeHttp.credentials(request.query(), request.headers(), peer));
    commands.requireSubscribe(who, asked.topics());
  }
}
