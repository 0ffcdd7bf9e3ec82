package io.edgepush.service.operations;

import io.edgepush.service.redis.RedisBackplane;
import io.edgepush.service.redis.RedisStatistics;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToLongFunction;

/** The meters of the Redis backplane. */
public final class RedisMeters {
  private final MeterRegistry registry;
  private final RedisBackplane redis;

  private RedisMeters(MeterRegistry registry, RedisBackplane redis) {
    this.registry = registry;
    this.redis = redis;
  }

  /** Adds the meters of a backplane. */
  public static void bind(MeterRegistry registry, RedisBackplane redis) {
    RedisMeters meters = new RedisMeters(registry, redis);
    TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(redis.circuits()).bindTo(registry);
    meters.calls();
    meters.received();
    meters.topology();
  }

  private void calls() {
    counter("push.redis.commands", "scripts called", RedisStatistics::commands);
    counter(
        "push.redis.resent",
        "scripts called again after a connection was lost",
        RedisStatistics::resent);
    counter(
        "push.redis.timeouts",
        "scripts whose time was over before an answer came",
        RedisStatistics::timeouts);
    counter(
        "push.redis.overloads",
        "calls refused because too much was under way",
        RedisStatistics::overloads);
    counter("push.redis.connects", "connections made", RedisStatistics::connects);
    counter("push.redis.losses", "connections lost", RedisStatistics::losses);
    gauge(
        "push.redis.command.bytes",
        "bytes of commands not yet answered",
        RedisStatistics::commandBytes);
  }

  private void received() {
    counter("push.redis.received", "messages received", RedisStatistics::received);
    counter(
        "push.redis.dropped",
        "messages dropped, to be read again from the stream",
        RedisStatistics::dropped);
    counter("push.redis.duplicates", "events received again", RedisStatistics::duplicates);
    counter(
        "push.redis.catch.ups",
        "times a partition caught up what was missed",
        RedisStatistics::catchUps);
    counter("push.redis.gaps", "gaps announced by this node's backplane", RedisStatistics::gaps);
    gauge(
        "push.redis.feed.bytes", "bytes of messages not yet delivered", RedisStatistics::feedBytes);
    gauge("push.redis.attached", "topics attached", RedisStatistics::attached);
  }

  private void topology() {
    counter(
        "push.redis.renewals",
        "times that the slot map was read, or a sentinel told the master",
        RedisStatistics::renewals);
    counter("push.redis.switches", "times that it was another master", RedisStatistics::switches);
    counter(
        "push.redis.epochs",
        "epochs begun by this node because a server had taken over",
        RedisStatistics::epochs);
    connections("publish", RedisStatistics::publishing);
    connections("read", RedisStatistics::reading);
    connections("subscribe", RedisStatistics::subscribing);
  }

  private void counter(String name, String description, ToLongFunction<RedisStatistics> value) {
    FunctionCounter.builder(name, redis, r -> value.applyAsLong(r.statistics()))
        .description(description)
        .register(registry);
  }

  private void connections(String role, ToLongFunction<RedisStatistics> value) {
    Gauge.builder("push.redis.connections", redis, r -> value.applyAsLong(r.statistics()))
        .description("connections that are up")
        .tag("role", role)
        .register(registry);
  }

  private void gauge(String name, String description, ToLongFunction<RedisStatistics> value) {
    Gauge.builder(name, redis, r -> value.applyAsLong(r.statistics()))
        .description(description)
        .register(registry);
  }
}
