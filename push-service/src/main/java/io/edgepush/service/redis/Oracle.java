package io.edgepush.service.redis;

import java.io.IOException;
import java.util.Set;
import redis.clients.jedis.HostAndPort;

/** How those are asked who know where partitions live. */
interface Oracle {

  /**
   * What one of them said.
   *
   * @param homes where partitions live
   * @param version how new that is, by the count of those who were asked; 0 where they do not count
   * @param others who can be asked besides
   */
  record Answer(Topology.Homes homes, long version, Set<HostAndPort> others) {
    public Answer {
      others = Set.copyOf(others);
    }
  }

  /**
   * Asks over a connection. Blocks.
   *
   * @param asked where it leads to
   * @throws redis.clients.jedis.exceptions.JedisException when there is no answer, or no useful one
   */
  Answer ask(RedisConnection connection, HostAndPort asked) throws IOException;
}
