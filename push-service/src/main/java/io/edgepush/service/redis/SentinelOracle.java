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

/** Asks a sentinel for the master, where all partitions live. */
final class SentinelOracle implements Oracle {
  private static final byte[] SENTINEL = Keys.bytes("SENTINEL");
  private static final byte[] MASTER = Keys.bytes("MASTER");

  private final String master;
  private final int partitions;

  SentinelOracle(String master, int partitions) {
    this.master = master;
    this.partitions = partitions;
  }

  @Override
  public Answer ask(RedisConnection connection, HostAndPort asked) throws IOException {
    connection.write(SENTINEL, MASTER, Keys.bytes(master));
    connection.send();
    return read((List<?>) connection.read());
  }

  /** Reads the reply: names and values by turns. */
  Answer read(List<?> reply) {
    Map<String, String> fields = new HashMap<>();
    for (int i = 0; i + 1 < reply.size(); i += 2) {
      fields.put(text(reply.get(i)), text(reply.get(i + 1)));
    }
    String ip = fields.getOrDefault("ip", "");
    String port = fields.getOrDefault("port", "");
    if (ip.isEmpty() || !port.matches("[1-9]\\d{0,4}")) {
      throw new JedisDataException("the sentinel does not say where the master is");
    }
    HostAndPort at = new HostAndPort(ip, Integer.parseInt(port));
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
