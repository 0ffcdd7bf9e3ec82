package io.edgepush.service;

import io.edgepush.access.Authorizer;
import io.edgepush.fallbacks.CrossOrigin;
import io.edgepush.fallbacks.LongPollRoute;
import io.edgepush.fallbacks.SseUpgrade;
import io.edgepush.fallbacks.SubscribeHttp;
import io.edgepush.fallbacks.TokenSources;
import io.edgepush.hub.ClientCommands;
import io.edgepush.hub.Hub;
import io.edgepush.link.SocketEngine;
import io.edgepush.service.config.ServiceConfig;
import io.edgepush.service.edge.Door;
import io.edgepush.service.edge.EdgeListener;
import io.edgepush.service.edge.EdgeUpgrader;
import io.edgepush.service.edge.Patience;
import io.edgepush.service.web.NegotiateRoute;
import io.edgepush.service.web.WebRoutes;
import io.edgepush.service.websocket.WebSocketUpgrade;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What the public port serves. */
final class PublicPort {
  private static final long MAX_BODY_BYTES = 64 * 1024;

  private PublicPort() {}

  /**
   * Binds the port.
   *
   * @param door whom to let in
   * @throws IOException when it can not be bound
   */
  static EdgeListener bind(
      ServiceConfig config,
      Door door,
      AccessControl access,
      Hub hub,
      ClientCommands commands,
      SocketEngine engine)
      throws IOException {
    Authorizer authorizer = access.authorizer();
    TokenSources tokens = access.tokens();
    CrossOrigin crossOrigin = new CrossOrigin(tokens.origins());
    WebSocketUpgrade webSocket =
        new WebSocketUpgrade(
            commands, tokens.origins(), door.limits(), config.edge().compression());
    LongPollRoute longPoll = new LongPollRoute(hub, commands);
    HttpRouting.Builder routing =
        HttpRouting.builder()
            .addFilter(crossOrigin)
            .any(
                SubscribeHttp.PATH,
                new SubscribeRoute(longPoll, webSocket, commands, authorizer, tokens, door))
            .any("/auth", new AuthRoute(hub, commands, tokens))
            .any("/negotiate", new NegotiateRoute(config.hub().heartbeat()))
            .register(new WebRoutes());
    Map<String, EdgeUpgrader> upgraders = new HashMap<>();
    Map.of("websocket", webSocket, "sse", new SseUpgrade(crossOrigin))
        .forEach(
            (name, upgrade) ->
                upgraders.put(
                    name,
                    new EdgeUpgrader(
                        name, upgrade, hub, commands, authorizer, tokens, engine, door)));
    Duration timeout = config.edge().requestTimeout();
    return new EdgeListener(
        config.edge().host(),
        config.edge().port(),
        new Patience(timeout, timeout, false),
        ListenerConfig.builder().maxPayloadSize(MAX_BODY_BYTES).buildPrototype(),
        routing,
        upgraders,
        door,
        () -> upgraded(hub));
  }

  private static int upgraded(Hub hub) {
    var open = hub.statistics().connections();
    return open.get("websocket").intValue() + open.get("sse").intValue();
  }
}
