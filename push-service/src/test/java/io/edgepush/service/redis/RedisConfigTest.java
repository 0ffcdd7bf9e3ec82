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
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.util.JedisClusterCRC16;

final class RedisConfigTest {
  private static final URI SECRET = URI.create("rediss://edge:p%40ss%3Aword@cache.example:6390/3");

  @Test
  void aUriNamesUserPasswordDatabaseAndTls() {
    JedisClientConfig client =
        Endpoint.client(SECRET, "me", Duration.ofSeconds(1), Duration.ofSeconds(2));

    assertEquals("edge", client.getUser());
    assertEquals("p@ss:word", client.getPassword());
    assertEquals(3, client.getDatabase());
    assertTrue(client.getSslOptions() != null);
    assertEquals(new HostAndPort("cache.example", 6390), Endpoint.address(SECRET));
  }

  @Test
  void aPasswordMayComeWithoutUserAndAPortIsNotNeeded() {
    URI uri = URI.create("redis://:word@cache.example");
    JedisClientConfig client =
        Endpoint.client(uri, "me", Duration.ofSeconds(1), Duration.ofSeconds(2));

    assertEquals(null, client.getUser());
    assertEquals("word", client.getPassword());
    assertEquals(null, client.getSslOptions());
    assertEquals(new HostAndPort("cache.example", 6379), Endpoint.address(uri));
  }

  @Test
  void thePasswordIsNeverShown() {
    String shown = RedisConfig.of(SECRET).toString();

    assertTrue(shown.contains("rediss://***@cache.example:6390/3"), shown);
    assertFalse(
        shown.contains("word") || shown.contains("p%40ss") || shown.contains("edge"), shown);
  }

  @Test
  void whatIsWrongIsSaidWithoutThePassword() {
    List<String> wrong =
        List.of(
            "http://u:word@host",
            "redis:word",
            "redis://u:word@host/db",
            "redis://u:word@host/1/2",
            "word");
    for (String uri : wrong) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> RedisConfig.of(URI.create(uri)), uri);
      assertFalse(refused.getMessage().contains("word"), refused.getMessage());
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
