package io.edgepush.service.redis;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/**
 * Opens connections, as whom and over what the configuration says. For any thread.
 *
 * @param login who logs in
 * @param tls whether it goes over TLS
 * @param trust see {@link RedisConfig}
 * @param database the database to select
 * @param plain whether replies are those of protocol version 2, whatever the server knows
 * @param timeout the most that connecting takes
 */
record Dialer(
    RedisUri.Login login, boolean tls, Path trust, int database, boolean plain, Duration timeout) {
  private static final Duration LONGEST = Duration.ofSeconds(1);
  private static final String STORE = "PKCS12";

  /** The store holds certificates only, in memory. */
  private static final char[] NO_PASSWORD = {};

  /** For servers that hold data. */
  static Dialer data(RedisUri uri, RedisConfig config) {
    return new Dialer(
        uri.login(), uri.tls(), config.trust(), uri.database(), false, config.timeout());
  }

  /** For questions to servers of a cluster. */
  static Dialer nodes(RedisUri uri, RedisConfig config) {
    return new Dialer(uri.login(), uri.tls(), config.trust(), 0, true, patience(config));
  }

  /** For sentinels. */
  static Dialer sentinels(RedisUri uri, RedisConfig config) {
    return new Dialer(uri.sentinel(), uri.sentinelTls(), config.trust(), 0, true, patience(config));
  }

  /** There are others to ask. */
  private static Duration patience(RedisConfig config) {
    return config.timeout().compareTo(LONGEST) < 0 ? config.timeout() : LONGEST;
  }

  /**
   * Connects, says hello and logs in. Blocks; an interrupt ends it on a virtual thread.
   *
   * @param name what the connection is called at the server
   * @param read how long a read waits
   * @throws redis.clients.jedis.exceptions.JedisException when that fails
   */
  RedisConnection open(HostAndPort address, String name, Duration read) {
    return RedisConnection.open(address, client(name, read));
  }

  JedisClientConfig client(String name, Duration read) {
    DefaultJedisClientConfig.Builder client =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis((int) timeout.toMillis())
            .socketTimeoutMillis((int) read.toMillis())
            .clientName(name)
            .database(database);
    if (plain) {
      client.protocol(RedisProtocol.RESP2);
    }
    if (tls) {
      client.sslOptions(trust.toString().isEmpty() ? SslOptions.defaults() : trusted(trust));
    }
    if (!login.equals(RedisUri.Login.NOBODY)) {
      client.user(login.user().isEmpty() ? null : login.user()).password(login.password());
    }
    return client.build();
  }

  private static SslOptions trusted(Path trust) {
    byte[] store = trusting(trust);
    return SslOptions.builder()
        .trustStoreType(STORE)
        .truststore(() -> new ByteArrayInputStream(store), NO_PASSWORD)
        .sslVerifyMode(SslVerifyMode.FULL)
        .build();
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
}
