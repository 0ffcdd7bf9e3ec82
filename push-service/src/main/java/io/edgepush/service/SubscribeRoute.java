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
import io.edgepush.service.websocket.WebSocketUpgrade;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/**
 * {@code GET /subscribe} for requests that were not upgraded: those that ask for long-poll, and
 * those whose upgrade was refused, which get to know why.
 *
 * @param longPoll answers, and refuses what any transport would refuse
 * @param webSocket says what is wrong with a WebSocket handshake
 * @param commands refuses topics
 * @param authorizer refuses tokens
 * @param tokens where they are
 */
record SubscribeRoute(
    LongPollRoute longPoll,
    WebSocketUpgrade webSocket,
    ClientCommands commands,
    Authorizer authorizer,
    TokenSources tokens)
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
    longPoll.handle(request, response);
  }

  /** A WebSocket needs no topic in its URL, so long-poll's answer could be another one. */
  private void refuseAsTheUpgradeDid(ServerRequest request) {
    SubscribeRequest asked =
        SubscribeHttp.request(request.query(), request.headers(), webSocket.topicsRequired());
    webSocket.handshake(SubscribeHttp.lookup(request.headers()));
    String peer = request.remotePeer().host();
    Principal who = authorizer.authenticate(tokens.of(request.query(), request.headers(), peer));
    commands.requireSubscribe(who, asked.topics());
  }
}
