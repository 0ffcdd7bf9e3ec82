package io.edgepush.service.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Asks a sentinel for the master, where all partitions live. Where it is and how new that is come
 * from two questions: the second one's answer names the old master until a fail-over is over.
 */
final class SentinelOracle implements Oracle {
  private static final byte[] SENTINEL = Keys.bytes("SENTINEL");
  private static final byte[] MASTER = Keys.bytes("MASTER");
  private static final byte[] ADDRESS = Keys.bytes("GET-MASTER-ADDR-BY-NAME");

  private final String master;
  private final int partitions;

  SentinelOracle(String master, int partitions) {
    this.master = master;
    this.partitions = partitions;
  }

  @Override
  public Answer ask(RedisConnection connection, HostAndPort asked) throws IOException {
    connection.write(SENTINEL, ADDRESS, Keys.bytes(master));
    connection.write(SENTINEL, MASTER, Keys.bytes(master));
    connection.send();
    Object address = connection.read();
    return read(address, (List<?>) connection.read());
  }

  /** Reads the replies: host and port; names and values by turns. */
  Answer read(Object address, List<?> state) {
    if (!(address instanceof List<?> parts) || parts.size() != 2) {
      throw new JedisDataException("the sentinel does not know the master " + master);
    }
    Map<String, String> fields = new HashMap<>();
    for (int i = 0; i + 1 < state.size(); i += 2) {
      fields.put(text(state.get(i)), text(state.get(i + 1)));
    }
    HostAndPort at = new HostAndPort(text(parts.get(0)), Integer.parseInt(text(parts.get(1))));
    String epoch = fields.getOrDefault("config-epoch", "0");
    return new Answer(
        new Topology.Homes(Collections.nCopies(partitions, Optional.of(at)), Set.of(at)),
        epoch.matches("\\d{1,18}") ? Long.parseLong(epoch) : 0,
        Set.of());
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }
}
