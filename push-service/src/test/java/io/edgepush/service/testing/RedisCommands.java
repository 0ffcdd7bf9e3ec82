package io.edgepush.service.testing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.RestoreParams;
import redis.clients.jedis.util.SafeEncoder;

/** Commands to servers on 127.0.0.1, each on a connection of its own. */
final class RedisCommands {
  private RedisCommands() {}

  /** Executes a command, and returns the reply as text, numbers and lists of them. */
  static Object command(int port, String name, String... arguments) {
    try (Jedis jedis = new Jedis("127.0.0.1", port)) {
      byte[][] encoded = Arrays.stream(arguments).map(SafeEncoder::encode).toArray(byte[][]::new);
      return SafeEncoder.encodeObject(jedis.sendCommand(() -> SafeEncoder.encode(name), encoded));
    }
  }

  /** The same as text; empty while there is no answer. */
  static String text(int port, String name, String... arguments) {
    try {
      return Objects.toString(command(port, name, arguments));
    } catch (JedisException e) {
      return "";
    }
  }

  /** Does something, and then brings all keys that there were back to what they were, at once. */
  static void goBackAfter(int port, Runnable something) {
    try (Jedis jedis = new Jedis("127.0.0.1", port)) {
      Map<String, byte[]> then = new HashMap<>();
      jedis.keys("*").forEach(key -> then.put(key, jedis.dump(key)));
      something.run();
      Transaction back = jedis.multi();
      then.forEach((key, value) -> back.restore(key, 0, value, new RestoreParams().replace()));
      back.exec();
    }
  }
}
