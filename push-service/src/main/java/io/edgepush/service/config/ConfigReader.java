package io.edgepush.service.config;

import io.edgepush.hub.HubConfig;
import io.edgepush.model.EventId;
import io.edgepush.model.Retention;
import io.edgepush.service.access.PublisherKey;
import io.edgepush.service.edge.EdgeConfig;
import io.edgepush.service.redis.RedisConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the configuration: an option beats the environment, that beats the file, that beats the
 * built-in value.
 */
public final class ConfigReader {
  private static final Duration ATTACH_TIMEOUT = Duration.ofSeconds(5);
  private static final String TEXT = "PUSH_CONFIG_TEXT";

  private final Values values = new Values();
  private final Optional<ConfigFile> file;

  private ConfigReader(List<String> arguments, Map<String, String> environment) {
    Arguments options = Arguments.parse(arguments);
    options.values().forEach((key, value) -> values.offer(key, value, "--" + key.key()));
    for (Key key : Key.values()) {
      String value = environment.get(key.environment());
      if (value != null) {
        values.offer(key, value, key.environment());
      }
    }
    file =
        options
            .file()
            .or(() -> given(environment, "PUSH_CONFIG").map(Path::of))
            .map(ConfigFile::new)
            .or(() -> given(environment, TEXT).map(text -> new ConfigFile(TEXT, text)));
    file.ifPresent(f -> f.offerTo(values));
  }

  private static Optional<String> given(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /**
   * Reads and checks everything.
   *
   * @throws ConfigurationException names the first thing that is wrong
   */
  public static ServiceConfig read(List<String> arguments, Map<String, String> environment) {
    return new ConfigReader(arguments, environment).assemble();
  }

  private ServiceConfig assemble() {
    boolean development = development();
    String host = host(Key.HOST);
    String privateHost = values.text(Key.PRIVATE_HOST).isEmpty() ? host : host(Key.PRIVATE_HOST);
    List<PublisherKey> keys = file.map(ConfigFile::publisherKeys).orElse(List.of());
    if (development) {
      requireLoopback(Key.HOST, host);
      requireLoopback(Key.PRIVATE_HOST, privateHost);
    } else if (keys.isEmpty()) {
      throw new ConfigurationException(
          "production mode needs at least one publisher key: add to the file given by --config "
              + "the lines\npublisher-keys:\n  - name: backend\n    sha256: <output of: printf %s \"$KEY\" | sha256sum>");
    }
    EdgeConfig edge =
        new EdgeConfig(
            host,
            (int) values.number(Key.PORT, 0, 65_535),
            (int) values.number(Key.MAX_CONNECTIONS, 1, 10_000_000),
            values.time(Key.REQUEST_TIMEOUT, Duration.ofSeconds(1)));
    return new ServiceConfig(
        development,
        edge,
        privateHost,
        (int) values.number(Key.PRIVATE_PORT, 0, 65_535),
        redis(),
        (int) values.number(Key.PARTITIONS, 1, EventId.MAX_PARTITIONS),
        hub(),
        values.time(Key.DRAIN, Duration.ZERO),
        emf(),
        namespaces(development),
        keys);
  }

  private boolean development() {
    return switch (values.text(Key.MODE)) {
      case "development" -> true;
      case "production" -> false;
      default -> throw values.wrong(Key.MODE, "development or production");
    };
  }

  private Optional<ServiceConfig.RedisSettings> redis() {
    if (values.text(Key.REDIS).isEmpty()) {
      return Optional.empty();
    }
    String prefix = values.text(Key.REDIS_KEY_PREFIX);
    if (!prefix.matches("[A-Za-z0-9_.-]{1,64}")) {
      throw values.wrong(Key.REDIS_KEY_PREFIX, "1 to 64 letters, digits, _, . or -");
    }
    URI uri = redisUri(Key.REDIS);
    URI subscribe =
        values.text(Key.REDIS_SUBSCRIBE).isEmpty() ? uri : redisUri(Key.REDIS_SUBSCRIBE);
    return Optional.of(
        new ServiceConfig.RedisSettings(
            uri, subscribe, prefix, values.time(Key.REDIS_TIMEOUT, Duration.ofMillis(10))));
  }

  private URI redisUri(Key key) {
    URI uri = values.uri(key, "redis", "rediss");
    try {
      RedisConfig.of(uri);
    } catch (IllegalArgumentException e) {
      throw values.refused(key, e.getMessage());
    }
    return uri;
  }

  private ServiceConfig.EmfSettings emf() {
    String service = values.text(Key.EMF_SERVICE);
    if (!service.matches("[A-Za-z0-9_.-]{1,128}")) {
      throw values.wrong(Key.EMF_SERVICE, "1 to 128 letters, digits, _, . or -");
    }
    return new ServiceConfig.EmfSettings(values.time(Key.EMF_INTERVAL, Duration.ZERO), service);
  }

  private HubConfig hub() {
    return new HubConfig(
        values.number(Key.OUTBOX_BYTES, 256 * 1024, Integer.MAX_VALUE),
        values.time(Key.HEARTBEAT, Duration.ofMillis(100)),
        ATTACH_TIMEOUT,
        values.time(Key.LINGER, Duration.ZERO),
        (int) values.number(Key.TOPICS_PER_CONNECTION, 1, 1_000_000));
  }

  private Namespaces namespaces(boolean development) {
    Retention retention =
        new Retention(
            values.time(Key.RETENTION_AGE, Duration.ZERO),
            (int) values.number(Key.RETENTION_EVENTS, 0, Integer.MAX_VALUE),
            values.number(Key.RETENTION_BYTES, 0, Long.MAX_VALUE));
    Namespace fallback = new Namespace("default", List.of(), development, retention);
    return new Namespaces(file.map(f -> f.namespaces(fallback)).orElse(List.of()), fallback);
  }

  private String host(Key key) {
    try {
      InetAddress.getByName(values.text(key));
    } catch (UnknownHostException _) {
      throw values.wrong(key, "an address of this machine");
    }
    return values.text(key).isEmpty() ? key.fallback() : values.text(key);
  }

  private static void requireLoopback(Key key, String host) {
    if (!new InetSocketAddress(host, 0).getAddress().isLoopbackAddress()) {
      throw new ConfigurationException(
          "development mode opens everything to everybody, so it binds to loopback only, not "
              + "to '"
              + host
              + "'; use --mode production with --config, or --"
              + key.key()
              + " 127.0.0.1");
    }
  }
}
