package io.edgepush.service.limits;

import io.edgepush.access.Principal;
import io.edgepush.hub.PublishQuota;
import io.edgepush.model.Problem;
import io.edgepush.model.Quota;
import io.edgepush.service.redis.RedisBackplane;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Events a second of one API key, or of one token's subject: counted across all nodes by Redis; by
 * this node alone while Redis is away, and without one. None while the node takes no publishes.
 * Safe for any thread; waits for Redis.
 */
public final class PublishLimiter implements PublishQuota {
  private static final String DETAIL = "this key or subject publishes too many events";

  private final ServiceLimits limits;
  private final Optional<RedisBackplane> redis;
  private final Supplier<Optional<Problem>> refusal;
  private final Rates local = new Rates();
  private final LongAdder fallbacks = new LongAdder();

  /**
   * A limiter over a backplane's connection, or none.
   *
   * @param refusal why nobody may publish now; empty when they may
   */
  public PublishLimiter(
      ServiceLimits limits, Optional<RedisBackplane> redis, Supplier<Optional<Problem>> refusal) {
    this.limits = limits;
    this.redis = redis;
    this.refusal = refusal;
  }

  /** How often Redis did not answer, so that this node counted alone. */
  public LongAdder fallbacks() {
    return fallbacks;
  }

  @Override
  public Quota take(Principal caller, String peer, int events) {
    Optional<Problem> refused = refusal.get();
    if (refused.isPresent()) {
      throw refused.get().exception();
    }
    int most = limits.of(Limit.PUBLISHES_PER_SECOND, caller, peer);
    if (most == 0) {
      return Quota.NONE;
    }
    RedisBackplane.Taken taken =
        redis
            .flatMap(r -> shared(r, caller.name(), most, events))
            .orElseGet(() -> alone(caller.name(), most, events));
    if (taken.waitMs() > 0) {
      throw limits.refuse(Limit.PUBLISHES_PER_SECOND, most, taken.waitMs(), DETAIL);
    }
    return Quota.perSecond(Limit.PUBLISHES_PER_SECOND.key(), most, taken.remaining());
  }

  private Optional<RedisBackplane.Taken> shared(
      RedisBackplane backplane, String who, int most, int events) {
    try {
      return Optional.of(
          backplane.take(who, most, events).toCompletableFuture().get(5, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException _) {
      fallbacks.increment(); // the publish that follows tells the caller what is wrong
    }
    return Optional.empty();
  }

  private RedisBackplane.Taken alone(String who, int most, int events) {
    Rate rate = local.of(who, most);
    long waitMs = rate.take(events);
    return new RedisBackplane.Taken(waitMs > 0 ? 0 : rate.remaining(), waitMs);
  }
}
