package io.edgepush.service.operations;

import io.edgepush.hub.Hub;
import io.edgepush.hub.HubStatistics;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/** {@code /metrics} in the Prometheus text format, by Micrometer. Safe for any thread. */
public final class Metrics implements HttpService {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final DistributionSummary latency =
      DistributionSummary.builder("push.delivery.latency")
          .description(
              "milliseconds from an event's position to its write to the last of the sockets written in one go")
          .baseUnit("milliseconds")
          .serviceLevelObjectives(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000)
          .register(registry);

  /** Meters of the process; those of the hub are added by {@link #bind}. */
  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Where other rooms add their meters. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Takes a delivery's latency in milliseconds. */
  public void delivered(long milliseconds) {
    latency.record(milliseconds);
  }

  /** Adds the hub's meters. */
  public void bind(Hub hub) {
    HubStatistics statistics = hub.statistics();
    statistics
        .connections()
        .forEach(
            (transport, open) ->
                Gauge.builder("push.connections", open, LongAdder::doubleValue)
                    .tag("transport", transport)
                    .description("open connections")
                    .register(registry));
    statistics
        .closes()
        .forEach(
            (reason, count) ->
                FunctionCounter.builder("push.closes", count, LongAdder::doubleValue)
                    .tag("reason", reason.slug())
                    .description("connections that ended")
                    .register(registry));
    counter("push.events", "events that came from the backplane", statistics.events());
    counter("push.deliveries", "events appended to connections", statistics.deliveries());
    counter("push.replays", "subscribes that read history", statistics.replays());
    counter("push.replayed.events", "events delivered from history", statistics.replayedEvents());
    counter("push.skipped", "events skipped by an overflow policy", statistics.skipped());
    counter("push.gaps", "gaps announced to connections", statistics.gaps());
  }

  /** Adds a counter. */
  public void counter(String name, String description, LongAdder count) {
    FunctionCounter.builder(name, count, LongAdder::doubleValue)
        .description(description)
        .register(registry);
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get(
        "/metrics",
        (_, response) -> {
          response.header(HeaderNames.CONTENT_TYPE, TEXT);
          response.send(registry.scrape(TEXT).getBytes(StandardCharsets.UTF_8));
        });
  }
}
