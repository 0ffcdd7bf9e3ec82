package io.edgepush.service;

import io.edgepush.access.Authorizer;
import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.MemoryBackplane;
import io.edgepush.fallbacks.CrossOrigin;
import io.edgepush.fallbacks.Origins;
import io.edgepush.fallbacks.SubscribeHttp;
import io.edgepush.hub.ClientCommands;
import io.edgepush.hub.Hub;
import io.edgepush.link.SocketEngine;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import io.edgepush.publisher.PublisherRoutes;
import io.edgepush.service.config.ConfigWatch;
import io.edgepush.service.config.ServiceConfig;
import io.edgepush.service.edge.Door;
import io.edgepush.service.edge.EdgeListener;
import io.edgepush.service.limits.DescriptorBudget;
import io.edgepush.service.limits.LimitRules;
import io.edgepush.service.limits.Proxies;
import io.edgepush.service.limits.PublishLimiter;
import io.edgepush.service.limits.ServiceLimits;
import io.edgepush.service.operations.CloudWatchLines;
import io.edgepush.service.operations.HealthRoutes;
import io.edgepush.service.operations.LimitMeters;
import io.edgepush.service.operations.Metrics;
import io.edgepush.service.operations.RedisMeters;
import io.edgepush.service.operations.SheddingMeters;
import io.edgepush.service.redis.RedisBackplane;
import io.edgepush.service.redis.RedisConfig;
import io.edgepush.service.shedding.LoadMeter;
import io.edgepush.service.shedding.LoadShedder;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * One node: the line from publisher to subscriber, put together. Created and started once; {@link
 * #close} may be called from any thread.
 */
public final class Node implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Node.class.getName());
  private static final Duration READY_LIMIT = Duration.ofSeconds(2);
  private static final long REVOCATIONS_LIMIT_MS = 5_000;
  private static final Duration WATCH = Duration.ofSeconds(1);
  private static final Duration DRAIN_STEP = Duration.ofMillis(20);

  /** How long publishes that are under way when the window is over may take. */
  private static final Duration LAST_PUBLISHES = Duration.ofSeconds(10);

  private final ServiceConfig config;
  private final DescriptorBudget descriptors = DescriptorBudget.ofProcess();
  private final AccessControl access;
  private final LoadShedder shedder;
  private final ServiceLimits limits;

  /** What may change while the node runs. */
  private volatile ServiceConfig live;

  private final Metrics metrics = new Metrics();
  private final Optional<RedisBackplane> redis;
  private final Hub hub;
  private final SocketEngine engine;
  private final HealthRoutes health;
  private final EdgeListener publicPort;
  private final EdgeListener privatePort;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("node-timer").factory());

  /**
   * Binds the ports and prepares everything; nothing is served yet.
   *
   * @throws IOException when the public port can not be bound
   * @throws UncheckedIOException when the private port can not be bound
   */
  public Node(ServiceConfig config) throws IOException {
    this.config = config;
    this.live = config;
    this.shedder =
        new LoadShedder(
            new LoadMeter(this::pendingBytes), () -> live.overload(), this::samplesChanged);
    this.limits =
        new ServiceLimits(rules(config), t -> shedder.sampled(live.namespaces().of(t).overflow()));
    this.access = new AccessControl(config);
    Backplane backplane = backplane(config);
    Authorizer authorizer = access.authorizer();
    this.hub = new Hub(backplane, config.hub());
    hub.revocations(access.revocations());
    hub.limits(limits);
    this.engine = new SocketEngine(metrics::delivered);
    this.health = new HealthRoutes(backplane, READY_LIMIT, shedder::report);
    this.redis = backplane instanceof RedisBackplane r ? Optional.of(r) : Optional.empty();
    PublishLimiter publishes = new PublishLimiter(limits, redis, shedder::publishRefusal);
    ServiceLimits privateLimits = ServiceLimits.ofConnections(descriptors.privateConnections());
    this.publicPort = publicPort(new ClientCommands(hub, backplane, authorizer, publishes));
    this.privatePort =
        privatePort(
            privateLimits,
            new PublisherRoutes(
                backplane, authorizer, hub::subscribers, publishes, this::publisherAddress),
            health,
            metrics);
    metrics.bind(hub);
    access.bind(metrics.registry());
    LimitMeters.bind(metrics, limits, privateLimits, publishes);
    SheddingMeters.bind(metrics.registry(), shedder);
    redis.ifPresent(r -> RedisMeters.bind(metrics.registry(), r));
  }

  private EdgeListener publicPort(ClientCommands commands) throws IOException {
    Door door =
        new Door(
            limits,
            () -> live.proxies(),
            config.tls().map(access::tls),
            new CrossOrigin(access.tokens().origins()),
            shedder::connectionRefusal,
            descriptors.refusals());
    return PublicPort.bind(config, door, access, hub, commands, engine);
  }

  private EdgeListener privatePort(ServiceLimits connections, HttpService... services) {
    Door door =
        new Door(
            connections,
            () -> Proxies.NONE,
            config.privateTls().map(access::tls),
            new CrossOrigin(Origins.parse("")),
            Optional::empty,
            descriptors.refusals());
    try {
      return PrivatePort.bind(config, door, services);
    } catch (IOException e) {
      publicPort.close();
      throw new UncheckedIOException("the private port can not be bound", e);
    }
  }

  /** A proxy before the private port may name its clients in a header, too. */
  private String publisherAddress(ServerRequest request) {
    return request.remotePeer().address() instanceof InetSocketAddress peer
        ? live.proxies()
            .client(peer.getAddress(), SubscribeHttp.lookup(request.headers()))
            .getHostAddress()
        : request.remotePeer().host();
  }

  private LimitRules rules(ServiceConfig current) {
    return current.limits().atMost(descriptors.publicConnections());
  }

  private long pendingBytes() {
    return hub.pendingBytes();
  }

  private void samplesChanged() {
    hub.overflowChanged();
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
                        .withTimes(redis.timeout(), redis.timeout()),
                    retention))
        .orElseGet(
            () -> new MemoryBackplane(config.partitions(), retention, InstantSource.system()));
  }

  /** Starts to serve. */
  public void start() {
    warnOfDescriptors(config);
    hub.start();
    awaitRevocations();
    engine.start();
    privatePort.start();
    publicPort.start();
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
    long look = LoadShedder.LOOK.toMillis();
    timer.scheduleAtFixedRate(shedder::look, look, look, TimeUnit.MILLISECONDS);
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

  private void warnOfDescriptors(ServiceConfig current) {
    int wanted = current.limits().maxConnections();
    if (wanted > descriptors.publicConnections()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "max-connections is {0}, but this process may open {1} files (ulimit -n): it takes {2} connections",
          Integer.toString(wanted),
          Long.toString(descriptors.descriptors()),
          Integer.toString(descriptors.publicConnections()));
    }
  }

  /**
   * Takes over what may change while the node runs: keys, limits, client classes, trusted proxies,
   * marks of load shedding, and of the namespaces what becomes of events that a connection can not
   * take. Safe for any thread.
   */
  public void reload(ServiceConfig changed) {
    access.reload(changed);
    live = changed;
    limits.change(rules(changed));
    warnOfDescriptors(changed);
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
    return publicPort.port();
  }

  /** The private port that is bound. */
  public int privatePort() {
    return privatePort.port();
  }

  /** The hub, for tests and metrics. */
  public Hub hub() {
    return hub;
  }

  /**
   * Ends in order: not ready, no new connections, clients are asked to go elsewhere, what is under
   * way is answered, then no more publishes, then everything is closed. Blocks for at most the
   * drain window and ten seconds.
   */
  public void drain() {
    health.drain();
    publicPort.refuse();
    privatePort.finish();
    hub.drain(config.drain());
    await(() -> engine.open() + publicPort.underWay() + hub.ending() == 0, config.drain());
    shedder.end();
    privatePort.refuse();
    await(() -> privatePort.underWay() == 0, LAST_PUBLISHES);
    close();
  }

  private static void await(BooleanSupplier condition, Duration window) {
    long deadline = System.nanoTime() + window.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(DRAIN_STEP.toNanos());
    }
  }

  /** Ends at once. Idempotent. */
  @Override
  public void close() {
    timer.shutdownNow();
    access.close();
    publicPort.close();
    privatePort.close();
    hub.close();
    engine.close();
  }
}
