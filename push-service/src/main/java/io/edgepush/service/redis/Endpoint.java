package io.edgepush.service.redis;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Locale;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/** How to read a Redis URI. What is shown of one never holds the password. */
final class Endpoint {
  private static final int DEFAULT_PORT = 6379;
  private static final String STORE = "PKCS12";

  /** The store holds certificates only, in memory. */
  private static final char[] NO_PASSWORD = {};

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

  /**
   * Checks a file of certificates.
   *
   * @throws IllegalArgumentException when there is none that can be read
   */
  static void checkTrust(Path trust) {
    if (!trust.toString().isEmpty()) {
      trusting(trust);
    }
  }

  static JedisClientConfig client(URI uri, String name, Duration connect, Duration read) {
    return client(uri, Path.of(""), name, connect, read);
  }

  static JedisClientConfig client(
      URI uri, Path trust, String name, Duration connect, Duration read) {
    DefaultJedisClientConfig.Builder client =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis((int) connect.toMillis())
            .socketTimeoutMillis((int) read.toMillis())
            .clientName(name)
            .database(database(uri));
    if (uri.getScheme().equalsIgnoreCase("rediss")) {
      if (trust.toString().isEmpty()) {
        client.sslOptions(SslOptions.defaults());
      } else {
        byte[] store = trusting(trust);
        client.sslOptions(
            SslOptions.builder()
                .trustStoreType(STORE)
                .truststore(() -> new ByteArrayInputStream(store), NO_PASSWORD)
                .sslVerifyMode(SslVerifyMode.FULL)
                .build());
      }
    }
    String userInfo = uri.getUserInfo();
    if (userInfo != null) {
      int colon = userInfo.indexOf(':');
      String user = colon < 0 ? "" : userInfo.substring(0, colon);
      client.user(user.isEmpty() ? null : user).password(userInfo.substring(colon + 1));
    }
    return client.build();
  }

  /** Read at each connect, so that a file that was exchanged counts from the next one on. */
  private static byte[] trusting(Path trust) {
    try (InputStream in = Files.newInputStream(trust)) {
      KeyStore store = KeyStore.getInstance(STORE);
      store.load(null, NO_PASSWORD);
      int count = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry(Integer.toString(count++), one);
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      store.store(out, NO_PASSWORD);
      if (count > 0) {
        return out.toByteArray();
      }
    } catch (IOException | GeneralSecurityException _) {
      // said below
    }
    throw new IllegalArgumentException(trust + " holds no certificate in PEM that can be read");
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
