package io.edgepush.service.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Refuses a server that is too old at the first word, with the reason, instead of failing at each
 * command that it does not know. A server that does not tell its version is taken as it is.
 */
final class ServerVersion {
  private static final int LEAST = 7;
  private static final Pattern VERSION =
      Pattern.compile("^redis_version:((\\d+)\\S*)", Pattern.MULTILINE);

  private ServerVersion() {}

  /** Asks. The answer is taken by {@link #check}, so that more can be sent behind it. */
  static void ask(RedisConnection connection) throws IOException {
    connection.write(Keys.bytes("INFO"), Keys.bytes("server"));
  }

  /**
   * Takes the answer.
   *
   * @throws IllegalStateException that says what is there and what is needed
   */
  static void check(RedisConnection connection) {
    try {
      if (connection.read() instanceof byte[] info) {
        check(new String(info, StandardCharsets.UTF_8));
      }
    } catch (JedisDataException _) {
      // it may not be permitted, or not be known; what is needed will tell
    }
  }

  static void check(String info) {
    Matcher version = VERSION.matcher(info);
    if (version.find() && Integer.parseInt(version.group(2)) < LEAST) {
      throw new IllegalStateException(
          "the server is Redis "
              + version.group(1)
              + ", but sharded pub/sub and script flags need Redis 7 or later, or Valkey");
    }
  }
}
