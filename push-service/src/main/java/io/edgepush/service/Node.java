package io.edgepush.service;

import io.edgepush.access.Authorizer;
import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.MemoryBackplane;
import io.edgepush.fallbacks.LongPollRoute;
import io.edgepush.fallbacks.SubscribeHttp;
import io.edgepush.hub.ClientCommands;
import io.edgepush.hub.Hub;
import io.edgepush.link.SocketEngine;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import io.edgepush.publisher.PublisherListener;
import io.edgepush.publisher.PublisherRoutes;
import io.edgepush.service.access.ConfiguredAuthorizer;
import io.edgepush.service.access.DevelopmentAuthorizer;
import io.edgepush.service.config.ServiceConfig;
import io.edgepush.service.edge.EdgeListener;
import io.edgepush.service.operations.CloudWatchLines;
import io.edgepush.service.operations.HealthRoutes;
import io.edgepush.service.operations.Metrics;
import io.edgepush.service.operations.RedisMeters;
import io.edgepush.service.redis.RedisBackplane;
import io.edgepush.service.redis.RedisConfig;
import io.edgepush.service.web.NegotiateRoute;
import io.edgepush.service.web.WebRoutes;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * One node: the line from publisher to subscriber, put together. Created and started once; {@link
 * #close} may be called from any thread.
 */
public final class Node implements AutoCloseable {
  private static final Duration REDIS_PROBE = Duration.ofSeconds(5);
  private static final Duration READY_LIMIT = Duration.ofSeconds(2);
  private static final Duration DRAIN_STEP = Duration.ofMillis(20);
  private static final int MAX_PRIVATE_CONNECTIONS = 1_000;

  private final ServiceConfig config;
  private final Metrics metrics = new Metrics();
  private final Hub hub;
  private final SocketEngine engine;
  private final HealthRoutes health;
  private final EdgeListener edge;
  private final WebServer privateServer;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("node-timer").factory());

  /**
   * Binds the public port and prepares everything; nothing is served yet.
   *
   * @throws IOException when the public port can not be bound
   */
  public Node(ServiceConfig config) throws IOException {
    this.config = config;
    Backplane backplane = backplane(config);
    Authorizer authorizer = authorizer(config);
    this.hub = new Hub(backplane, config.hub());
    this.engine = new SocketEngine(metrics::delivered);
    this.health = new HealthRoutes(backplane, READY_LIMIT);
    ClientCommands commands = new ClientCommands(hub, backplane, authorizer);
    HttpRouting.Builder routing =
        HttpRouting.builder()
            .any(
                SubscribeHttp.PATH,
                new SubscribeRoute(
                    new LongPollRoute(hub, commands, authorizer), commands, authorizer))
            .any("/negotiate", new NegotiateRoute(config.hub().heartbeat()))
            .register(new WebRoutes());
    this.edge = new EdgeListener(config.edge(), routing, hub, commands, authorizer, engine);
    this.privateServer =
        WebServer.builder()
            .host(config.privateHost())
            .port(config.privatePort())
            .shutdownHook(false)
            .maxTcpConnections(MAX_PRIVATE_CONNECTIONS)
            .update(PublisherListener::configure)
            .routing(
                r ->
                    r.register(new PublisherRoutes(backplane, authorizer, hub::subscribers))
                        .register(health)
                        .register(metrics))
            .build();
    metrics.bind(hub);
    if (backplane instanceof RedisBackplane redis) {
      RedisMeters.bind(metrics.registry(), redis);
    }
  }

  private static Backplane backplane(ServiceConfig config) {
    Function<Topic, Retention> retention = topic -> config.namespaces().of(topic).retention();
    return config
        .redis()
        .<Backplane>map(
            redis ->
                new RedisBackplane(
                    RedisConfig.of(redis.uri())
                        .withSubscribe(redis.subscribe())
                        .withPrefix(redis.keyPrefix())
                        .withPartitions(config.partitions())
                        .withTimes(redis.timeout(), REDIS_PROBE),
                    retention))
        .orElseGet(
            () -> new MemoryBackplane(config.partitions(), retention, InstantSource.system()));
  }

  private static Authorizer authorizer(ServiceConfig config) {
    return config.development()
        ? new DevelopmentAuthorizer()
        : new ConfiguredAuthorizer(
            config.publisherKeys(), t -> config.namespaces().of(t).anonymousSubscribe());
  }

  /**
   * Starts to serve.
   *
   * @throws UncheckedIOException caused by a {@link java.net.BindException} when the private port
   *     can not be bound; close the node then
   */
  public void start() {
    requireBindable(config.privateHost(), config.privatePort());
    hub.start();
    engine.start();
    privateServer.start();
    if (!privateServer.isRunning()) {
      throw new IllegalStateException("the private listener did not start, the log says why");
    }
    edge.start();
    long heartbeat = config.hub().heartbeat().toMillis();
    long emf = config.emf().interval().toMillis();
    if (emf > 0) {
      CloudWatchLines lines =
          new CloudWatchLines(hub.statistics(), config.emf().service(), InstantSource.system());
      timer.scheduleAtFixedRate(
          () -> System.out.println(lines.next()), emf, emf, TimeUnit.MILLISECONDS);
    }
    timer.scheduleAtFixedRate(engine::endDeadPeers, heartbeat, heartbeat, TimeUnit.MILLISECONDS);
  }

  /** Helidon only logs that it could not bind, at length. */
  private static void requireBindable(String host, int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new UncheckedIOException("the private port can not be bound", e);
    }
  }

  /** The public port that is bound. */
  public int port() {
    return edge.port();
  }

  /** The private port that is bound. */
  public int privatePort() {
    return privateServer.port();
  }

  /** The hub, for tests and metrics. */
  public Hub hub() {
    return hub;
  }

  /**
   * Ends in order: not ready, no new connections, clients are asked to go elsewhere, what is under
   * way is answered, then everything is closed. Blocks for at most the drain window and a few
   * seconds.
   */
  public void drain() {
    health.drain();
    edge.refuse();
    hub.drain(config.drain());
    awaitClosed(config.drain());
    close();
  }

  /**
   * Waits until the connections took what was written for them and ended, and requests are
   * answered, within the window.
   */
  private void awaitClosed(Duration window) {
    long deadline = System.nanoTime() + window.toNanos();
    while (engine.open() + edge.underWay() > 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(DRAIN_STEP.toNanos());
    }
  }

  /** Ends at once. Idempotent. */
  @Override
  public void close() {
    timer.shutdownNow();
    edge.close();
    privateServer.stop();
    hub.close();
    engine.close();
  }
}
