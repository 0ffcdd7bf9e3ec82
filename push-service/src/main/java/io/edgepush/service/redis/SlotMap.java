package io.edgepush.service.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Asks a node of a Redis Cluster for the slot map. */
final class SlotMap implements Oracle {
  private static final byte[] CLUSTER = Keys.bytes("CLUSTER");
  private static final byte[] SLOTS = Keys.bytes("SLOTS");

  private final int[] slots;

  SlotMap(Keys keys) {
    slots =
        IntStream.range(0, keys.partitions())
            .map(partition -> JedisClusterCRC16.getSlot(keys.clock(partition)))
            .toArray();
  }

  private record Range(int last, HostAndPort master) {}

  @Override
  public Answer ask(RedisConnection connection, HostAndPort asked) throws IOException {
    connection.write(CLUSTER, SLOTS);
    connection.send();
    return read((List<?>) connection.read(), asked);
  }

  /** Reads the reply: {@code [[first, last, master, replica…]…]}. */
  Answer read(List<?> reply, HostAndPort asked) {
    NavigableMap<Integer, Range> ranges = new TreeMap<>();
    Set<HostAndPort> masters = new HashSet<>();
    Set<HostAndPort> nodes = new HashSet<>();
    for (Object each : reply) {
      List<?> range = (List<?>) each;
      HostAndPort master = node(range.get(2), asked);
      ranges.put(number(range.get(0)), new Range(number(range.get(1)), master));
      masters.add(master);
      range.subList(2, range.size()).forEach(node -> nodes.add(node(node, asked)));
    }
    if (ranges.isEmpty()) {
      throw new JedisDataException("the cluster has no slots");
    }
    List<Optional<HostAndPort>> homes = new ArrayList<>(slots.length);
    for (int slot : slots) {
      homes.add(
          Optional.ofNullable(ranges.floorEntry(slot))
              .map(entry -> entry.getValue())
              .filter(range -> slot <= range.last())
              .map(Range::master));
    }
    return new Answer(new Topology.Homes(homes, masters), 0, nodes);
  }

  /** A node that does not say where it is, is where it was asked. */
  private static HostAndPort node(Object node, HostAndPort asked) {
    List<?> parts = (List<?>) node;
    byte[] host = (byte[]) parts.get(0);
    String name = host == null ? "" : new String(host, StandardCharsets.UTF_8);
    boolean known = !name.isEmpty() && !name.equals("?");
    return new HostAndPort(known ? name : asked.getHost(), number(parts.get(1)));
  }

  private static int number(Object value) {
    return Math.toIntExact((Long) value);
  }
}
