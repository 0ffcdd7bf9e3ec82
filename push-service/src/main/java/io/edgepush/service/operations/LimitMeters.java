package io.edgepush.service.operations;

import io.edgepush.service.limits.PublishLimiter;
import io.edgepush.service.limits.ServiceLimits;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import java.util.concurrent.atomic.LongAdder;

/** The meters of the limits. */
public final class LimitMeters {
  private static final String REFUSALS = "push.limited";

  private LimitMeters() {}

  /** Adds them. */
  public static void bind(
      Metrics metrics,
      ServiceLimits limits,
      ServiceLimits privateLimits,
      PublishLimiter publishes) {
    limits.refusals().forEach((limit, count) -> refusals(metrics, limit.key(), count));
    refusals(metrics, ServiceLimits.MAX_CONNECTIONS, limits.timesFull());
    refusals(metrics, "private-connections", privateLimits.timesFull());
    metrics.counter(
        "push.limits.local",
        "publishes counted by this node alone because Redis did not answer",
        publishes.fallbacks());
    Gauge.builder("push.limits.kept", limits, ServiceLimits::kept)
        .description("rates and counts of addresses and subjects that are kept")
        .register(metrics.registry());
  }

  private static void refusals(Metrics metrics, String limit, LongAdder count) {
    FunctionCounter.builder(REFUSALS, count, LongAdder::doubleValue)
        .tag("limit", limit)
        .description("what a limit refused or held back")
        .register(metrics.registry());
  }
}
