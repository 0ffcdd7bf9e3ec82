package io.edgepush.service;

import io.edgepush.publisher.PublisherListener;
import io.edgepush.service.config.ServiceConfig;
import io.edgepush.service.edge.Door;
import io.edgepush.service.edge.EdgeListener;
import io.edgepush.service.edge.Patience;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** What the private port serves: publishers, health and metrics. */
final class PrivatePort {
  /** As long as clients with a pool of connections commonly keep them. */
  private static final Duration IDLE = Duration.ofMinutes(5);

  private PrivatePort() {}

  /**
   * Binds the port.
   *
   * @param door whom to let in
   * @throws IOException when it can not be bound
   */
  static EdgeListener bind(ServiceConfig config, Door door, HttpService... services)
      throws IOException {
    return new EdgeListener(
        config.privateHost(),
        config.privatePort(),
        new Patience(config.edge().requestTimeout(), IDLE, true),
        ListenerConfig.builder().update(PublisherListener::configure).buildPrototype(),
        HttpRouting.builder().register(services),
        Map.of(),
        door,
        () -> 0);
  }
}
