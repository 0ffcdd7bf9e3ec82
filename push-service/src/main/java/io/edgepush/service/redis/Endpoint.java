package io.edgepush.service.redis;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.SslOptions;

/** How to read a Redis URI. What is shown of one never holds the password. */
final class Endpoint {
  private static final int DEFAULT_PORT = 6379;

  private Endpoint() {}

  /**
   * Checks a URI.
   *
   * @throws IllegalArgumentException that says what is wrong, without the URI: it may hold a
   *     password
   */
  static void check(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("redis") && !scheme.equals("rediss")) {
      throw new IllegalArgumentException("a Redis URI begins with redis:// or rediss://");
    }
    if (uri.getHost() == null || uri.getHost().isEmpty()) {
      throw new IllegalArgumentException("a Redis URI names a host");
    }
    database(uri);
  }

  static HostAndPort address(URI uri) {
    return new HostAndPort(uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
  }

  static JedisClientConfig client(URI uri, String name, Duration connect, Duration read) {
    DefaultJedisClientConfig.Builder client =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis((int) connect.toMillis())
            .socketTimeoutMillis((int) read.toMillis())
            .clientName(name)
            .database(database(uri));
    if (uri.getScheme().equalsIgnoreCase("rediss")) {
      client.sslOptions(SslOptions.defaults());
    }
    String userInfo = uri.getUserInfo();
    if (userInfo != null) {
      int colon = userInfo.indexOf(':');
      String user = colon < 0 ? "" : userInfo.substring(0, colon);
      client.user(user.isEmpty() ? null : user).password(userInfo.substring(colon + 1));
    }
    return client.build();
  }

  private static int database(URI uri) {
    String path = uri.getPath() == null ? "" : uri.getPath();
    if (path.isEmpty() || path.equals("/")) {
      return 0;
    }
    if (!path.matches("/\\d{1,5}")) {
      throw new IllegalArgumentException("the path of a Redis URI is the number of a database");
    }
    return Integer.parseInt(path.substring(1));
  }

  static String shown(URI uri) {
    String user = uri.getUserInfo() == null ? "" : "***@";
    String path = uri.getPath() == null ? "" : uri.getPath();
    return uri.getScheme() + "://" + user + address(uri) + path;
  }
}
