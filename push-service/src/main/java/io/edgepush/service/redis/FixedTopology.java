package io.edgepush.service.redis;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import redis.clients.jedis.HostAndPort;

/** All partitions live at one server, always. */
final class FixedTopology implements Topology {
  private final Homes homes;

  FixedTopology(HostAndPort server, int partitions) {
    homes = new Homes(Collections.nCopies(partitions, Optional.of(server)), Set.of(server));
  }

  @Override
  public void start(Listener listener) {
    listener.homes(homes);
  }

  @Override
  public void doubt(Optional<HostAndPort> hint) {
    // there is no other one
  }

  @Override
  public void close() {
    // nothing was begun
  }
}
