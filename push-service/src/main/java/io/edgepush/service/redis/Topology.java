package io.edgepush.service.redis;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import redis.clients.jedis.HostAndPort;

/**
 * Finds out at which master each partition lives, and tells it. Nothing but {@link #close} blocks.
 */
interface Topology extends AutoCloseable {

  /**
   * Where everything lives.
   *
   * @param byPartition the master of each partition; empty where nobody serves it now
   * @param masters all masters
   */
  record Homes(List<Optional<HostAndPort>> byPartition, Set<HostAndPort> masters) {
    public Homes {
      byPartition = List.copyOf(byPartition);
      masters = Set.copyOf(masters);
    }
  }

  /** Is told. Must not block. */
  interface Listener {
    /** This is how it is now; perhaps the same as before. */
    void homes(Homes homes);

    /** Nobody could be asked who knows. What was told before may still hold. */
    void unknown(Throwable why);
  }

  /** Begins to tell. Called once. */
  void start(Listener listener);

  /**
   * A connection was lost or a server answered that it is not the one: to be found out anew and
   * told, if it has not changed too.
   *
   * @param hint the server that is said to know better
   */
  void doubt(Optional<HostAndPort> hint);

  @Override
  void close();
}
