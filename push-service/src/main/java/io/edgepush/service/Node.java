package io.edgepush.service;

import io.edgepush.access.Authorizer;
import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.MemoryBackplane;
import io.edgepush.fallbacks.CrossOrigin;
import io.edgepush.fallbacks.SubscribeHttp;
import io.edgepush.hub.ClientCommands;
import io.edgepush.hub.Hub;
import io.edgepush.link.ByteStream;
import io.edgepush.link.PlainStream;
import io.edgepush.link.SocketEngine;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import io.edgepush.publisher.PublisherListener;
import io.edgepush.publisher.PublisherRoutes;
import io.edgepush.service.config.ConfigWatch;
import io.edgepush.service.config.ServiceConfig;
import io.edgepush.service.edge.Door;
import io.edgepush.service.edge.EdgeListener;
import io.edgepush.service.limits.PublishLimiter;
import io.edgepush.service.limits.ServiceLimits;
import io.edgepush.service.operations.CloudWatchLines;
import io.edgepush.service.operations.HealthRoutes;
import io.edgepush.service.operations.LimitMeters;
import io.edgepush.service.operations.Metrics;
import io.edgepush.service.operations.RedisMeters;
import io.edgepush.service.redis.RedisBackplane;
import io.edgepush.service.redis.RedisConfig;
import io.edgepush.service.tls.PemFiles;
import io.edgepush.service.tls.ServerTls;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * One node: the line from publisher to subscriber, put together. Created and started once; {@link
 * #close} may be called from any thread.
 */
public final class Node implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Node.class.getName());
  private static final Duration REDIS_PROBE = Duration.ofSeconds(5);
  private static final Duration READY_LIMIT = Duration.ofSeconds(2);
  private static final long REVOCATIONS_LIMIT_MS = 5_000;
  private static final Duration WATCH = Duration.ofSeconds(1);
  private static final Duration DRAIN_STEP = Duration.ofMillis(20);
  private static final int MAX_PRIVATE_CONNECTIONS = 1_000;

  private final ServiceConfig config;
  private final AccessControl access;
  private final ServiceLimits limits;

  /** What may change while the node runs. */
  private volatile ServiceConfig live;

  private final Metrics metrics = new Metrics();
  private final Optional<RedisBackplane> redis;
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
    this.live = config;
    this.limits = new ServiceLimits(config.limits(), t -> live.namespaces().of(t).overflow());
    this.access = new AccessControl(config);
    Backplane backplane = backplane(config);
    Authorizer authorizer = access.authorizer();
    this.hub = new Hub(backplane, config.hub());
    hub.revocations(access.revocations());
    hub.limits(limits);
    this.engine = new SocketEngine(metrics::delivered);
    this.health = new HealthRoutes(backplane, READY_LIMIT);
    Door door =
        new Door(
            limits,
            () -> live.proxies(),
            streams(config.tls()),
            new CrossOrigin(access.tokens().origins()));
    this.redis = backplane instanceof RedisBackplane r ? Optional.of(r) : Optional.empty();
    PublishLimiter publishes = new PublishLimiter(limits, redis);
    ClientCommands commands = new ClientCommands(hub, backplane, authorizer, publishes);
    this.edge = PublicPort.bind(config, door, access, hub, commands, engine);
    this.privateServer =
        privateServer(
            new PublisherRoutes(
                backplane, authorizer, hub::subscribers, publishes, this::publisherAddress));
    metrics.bind(hub);
    access.bind(metrics.registry());
    LimitMeters.bind(metrics, limits, publishes);
    redis.ifPresent(r -> RedisMeters.bind(metrics.registry(), r));
  }

  private Function<SocketChannel, ByteStream> streams(Optional<PemFiles> tls) {
    return tls.map(access::tls)
        .<Function<SocketChannel, ByteStream>>map(keys -> keys::stream)
        .orElse(PlainStream::new);
  }

  private WebServer privateServer(PublisherRoutes publisher) {
    Optional<ServerTls> tls = config.privateTls().map(access::tls);
    return WebServer.builder()
        .host(config.privateHost())
        .port(config.privatePort())
        .shutdownHook(false)
        .maxTcpConnections(MAX_PRIVATE_CONNECTIONS)
        .update(PublisherListener::configure)
        .update(b -> tls.ifPresent(t -> b.tls(tls(t))))
        .routing(r -> r.register(publisher).register(health).register(metrics))
        .build();
  }

  /** A proxy before the private port may name its clients in a header, too. */
  private String publisherAddress(ServerRequest request) {
    return request.remotePeer().address() instanceof InetSocketAddress peer
        ? live.proxies()
            .client(peer.getAddress(), SubscribeHttp.lookup(request.headers()))
            .getHostAddress()
        : request.remotePeer().host();
  }

  private static Tls tls(ServerTls tls) {
    return Tls.builder().sslContext(tls.context()).enabledProtocols(ServerTls.protocols()).build();
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
                        .withTrust(redis.trust())
                        .withTimes(redis.timeout(), REDIS_PROBE),
                    retention))
        .orElseGet(
            () -> new MemoryBackplane(config.partitions(), retention, InstantSource.system()));
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
    awaitRevocations();
    engine.start();
    privateServer.start();
    if (!privateServer.isRunning()) {
      throw new IllegalStateException("the private listener did not start, the log says why");
    }
    edge.start();
    long heartbeat = config.hub().heartbeat().toMillis();
    access.start(hub, timer);
    long emf = config.emf().interval().toMillis();
    if (emf > 0) {
      CloudWatchLines lines =
          new CloudWatchLines(hub.statistics(), config.emf().service(), InstantSource.system());
      timer.scheduleAtFixedRate(
          () -> System.out.println(lines.next()), emf, emf, TimeUnit.MILLISECONDS);
    }
    timer.scheduleAtFixedRate(engine::endDeadPeers, heartbeat, heartbeat, TimeUnit.MILLISECONDS);
  }

  /** A node that has just started refuses what was revoked before, unless Redis is away. */
  private void awaitRevocations() {
    try {
      if (redis.isPresent()) {
        redis
            .get()
            .revocationsKnown()
            .toCompletableFuture()
            .get(REVOCATIONS_LIMIT_MS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException _) {
      LOG.log(
          System.Logger.Level.WARNING,
          "Redis does not answer; what was revoked is known once it does");
    }
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

  /**
   * Takes over what may change while the node runs: keys, limits, client classes, trusted proxies,
   * and of the namespaces what becomes of events that a connection can not take. Safe for any
   * thread.
   */
  public void reload(ServiceConfig changed) {
    access.reload(changed);
    live = changed;
    limits.change(changed.limits());
    hub.limits(limits);
  }

  /** Looks for changes of the configuration from time to time. */
  public void watch(ConfigWatch watch) {
    metrics.counter("push.config.reloads", "changes taken over", watch.reloads());
    metrics.counter("push.config.refused", "changes that were wrong", watch.refused());
    timer.scheduleWithFixedDelay(watch, WATCH.toMillis(), WATCH.toMillis(), TimeUnit.MILLISECONDS);
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
    access.close();
    edge.close();
    privateServer.stop();
    hub.close();
    engine.close();
  }
}
