package io.edgepush.service.redis;

import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.BackplaneContract;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

/** The promises of every backplane, kept over Redis, whatever form it has. */
abstract class RedisBackplaneContract extends BackplaneContract {
  private static final AtomicInteger STORES = new AtomicInteger();

  /** Where Redis is. */
  abstract URI uri();

  @Override
  protected List<Backplane> nodes(int count, int partitions, Function<Topic, Retention> retention) {
    RedisConfig config =
        RedisConfig.of(uri())
            .withPrefix("contract" + STORES.incrementAndGet())
            .withPartitions(partitions);
    return Stream.generate(() -> (Backplane) new RedisBackplane(config, retention))
        .limit(count)
        .toList();
  }

  @Override
  protected boolean shared() {
    return true;
  }

  @Override
  protected void letPass(Duration age) {
    RedisTests.letPass(age);
  }
}
