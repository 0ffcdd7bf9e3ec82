package io.edgepush.service;

import io.edgepush.access.Authorizer;
import io.edgepush.access.Credentials.Role;
import io.edgepush.fallbacks.TokenSources;
import io.edgepush.hub.Hub;
import io.edgepush.hub.SessionTerms;
import io.edgepush.service.access.AccessStatistics;
import io.edgepush.service.access.ConfiguredAuthorizer;
import io.edgepush.service.access.DevelopmentAuthorizer;
import io.edgepush.service.access.KeyFault;
import io.edgepush.service.access.RevocationTable;
import io.edgepush.service.access.TokenKeys;
import io.edgepush.service.config.AccessSettings;
import io.edgepush.service.config.ConfigurationException;
import io.edgepush.service.config.ServiceConfig;
import io.edgepush.service.tls.PemFiles;
import io.edgepush.service.tls.ServerTls;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Who may come in, put together: keys, what is read again, and how long sessions last. */
final class AccessControl implements AutoCloseable {
  private static final long LOOK_MS = 1_000;
  private static final long SWEEP_MS = 250;
  private static final long FORGET_MS = 60_000;
  private static final String LIMITED = "what a limit refused or held back";

  private final AccessSettings settings;
  private final TokenKeys tokenKeys = new TokenKeys(InstantSource.system());
  private final RevocationTable revocations = new RevocationTable(InstantSource.system());
  private final Optional<ConfiguredAuthorizer> configured;
  private final ScheduledExecutorService keys =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("keys").factory());

  /**
   * Reads the keys.
   *
   * @throws ConfigurationException when one can not be used
   */
  AccessControl(ServiceConfig config) {
    settings = config.access();
    configure(settings);
    configured =
        config.development()
            ? Optional.empty()
            : Optional.of(
                new ConfiguredAuthorizer(
                    config.publisherKeys(),
                    tokenKeys,
                    settings.leeway(),
                    settings.lifetime(),
                    revocations,
                    t -> config.namespaces().of(t).anonymousSubscribe(),
                    config.namespaces().anyOpen(),
                    InstantSource.system()));
    configured.ifPresent(authorizer -> authorizer.probes(settings.probes()));
  }

  private void configure(AccessSettings access) {
    try {
      tokenKeys.configure(access.tokenKeys());
    } catch (KeyFault e) {
      throw new ConfigurationException(e.getMessage());
    }
  }

  Authorizer authorizer() {
    return configured.<Authorizer>map(a -> a).orElseGet(DevelopmentAuthorizer::new);
  }

  /** Where tokens are. */
  TokenSources tokens() {
    return new TokenSources(settings.origins(), settings.cookie());
  }

  /**
   * The keys of a listener, which are read again when their files change.
   *
   * @throws ConfigurationException when they can not be used
   */
  ServerTls tls(PemFiles files) {
    try {
      ServerTls tls = new ServerTls(files);
      every(LOOK_MS, tls::look);
      return tls;
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage());
    }
  }

  private void every(long ms, Runnable look) {
    var _ = keys.scheduleWithFixedDelay(look, ms, ms, TimeUnit.MILLISECONDS);
  }

  /** Takes revocations. */
  RevocationTable revocations() {
    return revocations;
  }

  /** Begins to read keys again, and to end sessions whose time is over. */
  void start(Hub hub, ScheduledExecutorService timer) {
    SessionTerms terms =
        new SessionTerms(hub, authorizer(), settings.warning(), InstantSource.system());
    timer.scheduleAtFixedRate(terms::sweep, SWEEP_MS, SWEEP_MS, TimeUnit.MILLISECONDS);
    timer.scheduleAtFixedRate(revocations::forget, FORGET_MS, FORGET_MS, TimeUnit.MILLISECONDS);
    long refreshMs = settings.refresh().toMillis();
    configured.ifPresent(_ -> every(refreshMs, tokenKeys::refresh));
  }

  /**
   * Takes over the keys of a changed configuration, all of them or none. May block: on files, and
   * on the network.
   *
   * @throws ConfigurationException names the key that can not be used
   */
  void reload(ServiceConfig changed) {
    configured.ifPresent(
        authorizer -> {
          configure(changed.access());
          authorizer.publisherKeys(changed.publisherKeys());
          authorizer.probes(changed.access().probes());
        });
  }

  /** Adds its meters. */
  void bind(MeterRegistry registry) {
    Gauge.builder("push.revocations", revocations, RevocationTable::size)
        .description("revocations in force")
        .register(registry);
    configured.ifPresent(
        authorizer -> {
          authorizer
              .overProbes()
              .forEach(
                  (limit, count) ->
                      counter(registry, "push.limited", LIMITED, count, "limit", limit));
          AccessStatistics statistics = authorizer.statistics();
          for (Role role : Role.values()) {
            String door = role == Role.PUBLISHER ? "publisher" : "subscriber";
            counter(
                registry,
                "push.auth.accepted",
                "credentials that were valid",
                statistics.accepted().get(role),
                "door",
                door);
            counter(
                registry,
                "push.auth.forbidden",
                "actions that were not permitted",
                statistics.forbidden().get(role),
                "door",
                door);
            statistics
                .refused()
                .get(role)
                .forEach(
                    (refusal, count) ->
                        counter(
                            registry,
                            "push.auth.refused",
                            "credentials that were refused",
                            count,
                            "door",
                            door,
                            "reason",
                            refusal.slug()));
          }
        });
  }

  private static void counter(
      MeterRegistry registry, String name, String description, LongAdder count, String... tags) {
    FunctionCounter.builder(name, count, LongAdder::doubleValue)
        .description(description)
        .tags(tags)
        .register(registry);
  }

  @Override
  public void close() {
    keys.shutdownNow();
  }
}
