package io.edgepush.service.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.model.Topic;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.util.JedisClusterCRC16;

final class RedisConfigTest {
  private static final URI SECRET = URI.create("rediss://edge:p%40ss%3Aword@cache.example:6390/3");

  private static JedisClientConfig client(URI uri) {
    return Dialer.data(RedisUri.of(uri), RedisConfig.of(uri)).client("me", Duration.ofSeconds(2));
  }

  private static List<HostAndPort> hosts(String... names) {
    return Stream.of(names).map(HostAndPort::from).toList();
  }

  @Test
  void aUriNamesUserPasswordDatabaseAndTls() {
    JedisClientConfig client = client(SECRET);

    assertEquals("edge", client.getUser());
    assertEquals("p@ss:word", client.getPassword());
    assertEquals(3, client.getDatabase());
    assertTrue(client.getSslOptions() != null);
    assertEquals(hosts("cache.example:6390"), RedisUri.of(SECRET).hosts());
  }

  @Test
  void aPasswordMayComeWithoutUserAndAPortIsNotNeeded() {
    URI uri = URI.create("redis://:word@cache.example");
    JedisClientConfig client = client(uri);

    assertEquals(null, client.getUser());
    assertEquals("word", client.getPassword());
    assertEquals(null, client.getSslOptions());
    assertEquals(hosts("cache.example:6379"), RedisUri.of(uri).hosts());
  }

  @Test
  void aUriNamesSentinelsTheMasterAndWhoLogsInAtEither() {
    URI text =
        URI.create(
            "rediss-sentinel://edge:p%2Bq@s1,s2:26380/2"
                + "?sentinel-user=watch&sentinel-password=w%26rd&sentinel-tls=false#events");
    RedisConfig config = RedisConfig.of(text);
    RedisUri uri = RedisUri.of(text);

    assertEquals(hosts("s1:26379", "s2:26380"), uri.hosts());
    assertEquals("events", uri.master());
    assertEquals(new RedisUri.Login("edge", "p+q"), uri.login());
    assertEquals(new RedisUri.Login("watch", "w&rd"), uri.sentinel());
    assertEquals(2, uri.database());
    assertTrue(Dialer.data(uri, config).tls());
    assertFalse(Dialer.sentinels(uri, config).tls());
    assertEquals(0, Dialer.sentinels(uri, config).database());
    assertEquals(1, config.partitions());
    assertTrue(RedisUri.of(URI.create("rediss-sentinel://s#m")).sentinelTls());
  }

  @Test
  void aClusterHas64PartitionsUnlessItIsToldOtherwise() {
    RedisConfig config = RedisConfig.of(URI.create("redis-cluster://edge:word@a,b:7000,a:7001"));

    assertEquals(64, config.partitions());
    assertEquals(2, config.withPartitions(2).partitions());
    assertEquals(hosts("a:6379", "b:7000", "a:7001"), RedisUri.of(config.publish()).hosts());
  }

  @Test
  void thePasswordIsNeverShown() {
    String shown = RedisConfig.of(SECRET).toString();
    String sentinel =
        RedisConfig.of(URI.create("redis-sentinel://:word@s1,s2?sentinel-password=word#events"))
            .toString();

    assertTrue(shown.contains("rediss://***@cache.example:6390/3"), shown);
    assertFalse(
        shown.contains("word") || shown.contains("p%40ss") || shown.contains("edge"), shown);
    assertTrue(sentinel.contains("redis-sentinel://***@s1:26379,s2:26379#events"), sentinel);
    assertFalse(sentinel.contains("word"), sentinel);
  }

  @Test
  void whatIsWrongIsSaidWithoutThePassword() {
    List<String> wrong =
        List.of(
            "http://u:hush@host",
            "redis:hush",
            "redis://u:hush@host/db",
            "redis://u:hush@host/1/2",
            "redis://u:hush@host:hush",
            "redis://u:hush@host,other",
            "redis://u:hush@host#master",
            "redis://u:hush@host?sentinel-password=hush",
            "redis-sentinel://u:hush@host",
            "redis-sentinel://u:hush@host?password=hush#master",
            "redis-sentinel://u:hush@host?sentinel-tls=hush#master",
            "redis-cluster://u:hush@host/1",
            "redis-cluster://u:hush@host,",
            "hush");
    for (String uri : wrong) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> RedisConfig.of(URI.create(uri)), uri);
      assertFalse(refused.getMessage().contains("hush"), refused.getMessage());
    }
    RedisConfig config = RedisConfig.of(URI.create("redis://host"));
    assertThrows(IllegalArgumentException.class, () -> config.withPrefix("{a}"));
    assertThrows(IllegalArgumentException.class, () -> config.withPartitions(0));
    assertThrows(
        IllegalArgumentException.class,
        () -> config.withTimes(Duration.ZERO, Duration.ofSeconds(1)));
  }

  @Test
  void allKeysAndChannelsOfAPartitionLieInOneSlot() {
    Keys keys = new Keys("push", 64);
    Topic topic = new Topic("https://example.com/books/1");
    int partition = keys.partition(topic);
    List<String> names =
        List.of(
            text(keys.stream(partition, topic)),
            text(keys.last(partition, topic)),
            text(keys.idempotency(partition, topic, "} {key")),
            text(keys.check(partition, "l")),
            keys.channel(partition, topic),
            keys.nodeChannel(partition, "node"));

    int slot = JedisClusterCRC16.getSlot(text(keys.clock(partition)));
    names.forEach(name -> assertEquals(slot, JedisClusterCRC16.getSlot(name), name));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
