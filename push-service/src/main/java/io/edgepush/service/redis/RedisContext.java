package io.edgepush.service.redis;

/**
 * What everything that keeps connections needs.
 *
 * @param config how Redis is used
 * @param keys names of keys and channels
 * @param dialer opens connections
 * @param topology is told when there is doubt about where partitions live
 * @param counters what happens is counted there
 */
record RedisContext(
    RedisConfig config, Keys keys, Dialer dialer, Topology topology, RedisCounters counters) {

  /** What it takes to use what a URI leads to. */
  static RedisContext of(RedisUri uri, RedisConfig config, Keys keys, RedisCounters counters) {
    return new RedisContext(
        config, keys, Dialer.data(uri, config), topology(uri, config, keys, counters), counters);
  }

  private static Topology topology(
      RedisUri uri, RedisConfig config, Keys keys, RedisCounters counters) {
    return switch (uri.kind()) {
      case SERVER -> new FixedTopology(uri.hosts().getFirst(), config.partitions());
      case SENTINEL -> new SentinelTopology(uri, Dialer.sentinels(uri, config), config, counters);
      case CLUSTER ->
          new AskingTopology(
              uri.hosts(), new SlotMap(keys), Dialer.nodes(uri, config), config, counters);
    };
  }
}
