package io.edgepush.service.config;

import io.edgepush.fallbacks.Origins;
import io.edgepush.hub.HubConfig;
import io.edgepush.hub.Overflow;
import io.edgepush.model.EventId;
import io.edgepush.model.Retention;
import io.edgepush.service.access.ProbeLimits;
import io.edgepush.service.access.PublisherKey;
import io.edgepush.service.edge.EdgeConfig;
import io.edgepush.service.limits.AddressBlock;
import io.edgepush.service.limits.Limit;
import io.edgepush.service.limits.LimitRules;
import io.edgepush.service.limits.LimitValues;
import io.edgepush.service.limits.Proxies;
import io.edgepush.service.redis.RedisConfig;
import io.edgepush.service.shedding.LoadShedder;
import io.edgepush.service.shedding.Marks;
import io.edgepush.service.tls.PemFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the configuration: an option beats the environment, that beats the file, that beats the
 * built-in value.
 */
public final class ConfigReader {
  private static final String PUBLISHER_LINES =
      "publisher-keys:\n  - name: backend\n"
          + "    sha256: <as ./run keys new backend prints it, or: printf %s \"$KEY\" | sha256sum>\n";
  private static final String SUBSCRIBER_LINES =
      "token-keys: # or a namespace with anonymous-subscribe: true\n  - name: issuer\n"
          + "    algorithms: [HS256]\n    secret-file: <a file with at least 32 random bytes>\n";
  private static final Duration ATTACH_TIMEOUT = Duration.ofSeconds(5);
  private static final int MOST = 1_000_000;
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
        file(options, environment)
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

  /** The configuration file, if there is one. */
  public static Optional<Path> file(List<String> arguments, Map<String, String> environment) {
    return file(Arguments.parse(arguments), environment);
  }

  private static Optional<Path> file(Arguments options, Map<String, String> environment) {
    return options.file().or(() -> given(environment, "PUSH_CONFIG").map(Path::of));
  }

  private ServiceConfig assemble() {
    boolean development = development();
    String host = host(Key.HOST);
    String privateHost = values.text(Key.PRIVATE_HOST).isEmpty() ? host : host(Key.PRIVATE_HOST);
    List<PublisherKey> keys = file.map(f -> new AccessEntries(f).publisherKeys()).orElse(List.of());
    Namespaces namespaces = namespaces(development);
    AccessSettings access = access(development);
    if (development) {
      requireLoopback(Key.HOST, host);
      requireLoopback(Key.PRIVATE_HOST, privateHost);
    } else {
      requireKeys(keys, access, namespaces);
    }
    Optional<ServiceConfig.RedisSettings> redis = redis();
    EdgeConfig edge =
        new EdgeConfig(
            host,
            (int) values.number(Key.PORT, 0, 65_535),
            (int) values.number(Key.MAX_CONNECTIONS, 0, 10_000_000),
            values.time(Key.REQUEST_TIMEOUT, Duration.ofSeconds(1)),
            values.flag(Key.WEBSOCKET_COMPRESSION));
    return new ServiceConfig(
        development,
        edge,
        privateHost,
        (int) values.number(Key.PRIVATE_PORT, 0, 65_535),
        redis,
        partitions(redis),
        hub(),
        values.time(Key.DRAIN, Duration.ZERO),
        emf(),
        namespaces,
        keys,
        pem(Key.TLS_CERTIFICATE, Key.TLS_KEY),
        pem(Key.PRIVATE_TLS_CERTIFICATE, Key.PRIVATE_TLS_KEY),
        access,
        limits(),
        overload(),
        proxies());
  }

  private Optional<PemFiles> pem(Key certificate, Key key) {
    String chain = values.text(certificate);
    String secret = values.text(key);
    if (chain.isEmpty() != secret.isEmpty()) {
      throw values.wrong(chain.isEmpty() ? certificate : key, "given together with the other");
    }
    return chain.isEmpty()
        ? Optional.empty()
        : Optional.of(new PemFiles(Path.of(chain), Path.of(secret)));
  }

  private AccessSettings access(boolean development) {
    String origins = values.text(Key.ORIGINS);
    Origins permitted;
    try {
      permitted = Origins.parse(origins.isEmpty() && development ? "loopback" : origins);
    } catch (IllegalArgumentException _) {
      throw values.wrong(Key.ORIGINS, "a list of origins such as https://app.example.com");
    }
    String cookie = values.text(Key.TOKEN_COOKIE);
    if (!cookie.isEmpty() && !cookie.matches("__(?:Host|Secure)-[A-Za-z0-9_.-]{1,64}")) {
      throw values.wrong(
          Key.TOKEN_COOKIE, "a name that begins with __Host- or __Secure-, so that it is Secure");
    }
    return new AccessSettings(
        file.map(f -> new AccessEntries(f).tokenKeys()).orElse(List.of()),
        values.time(Key.TOKEN_LEEWAY, Duration.ZERO),
        values.time(Key.TOKEN_LIFETIME, Duration.ofSeconds(1)),
        values.time(Key.TOKEN_WARNING, Duration.ZERO),
        values.time(Key.TOKEN_KEY_REFRESH, Duration.ofSeconds(1)),
        cookie,
        permitted,
        new ProbeLimits(
            (int) values.number(Key.REFUSALS_PER_MINUTE, 0, MOST),
            (int) values.number(Key.FORBIDDEN_PER_MINUTE, 0, MOST)));
  }

  /** Nothing is open by itself, so somebody has to be named for either side. */
  private static void requireKeys(
      List<PublisherKey> keys, AccessSettings access, Namespaces namespaces) {
    boolean publishers = !keys.isEmpty() || !access.tokenKeys().isEmpty();
    boolean subscribers = !access.tokenKeys().isEmpty() || namespaces.anyOpen();
    if (publishers && subscribers) {
      return;
    }
    throw new ConfigurationException(
        "production mode needs keys: nobody could "
            + (publishers ? "subscribe" : subscribers ? "publish" : "publish or subscribe")
            + "; add to the file given by --config the lines\n"
            + (publishers ? "" : PUBLISHER_LINES)
            + (subscribers ? "" : SUBSCRIBER_LINES));
  }

  private LimitRules limits() {
    Map<Limit, Integer> limits = new EnumMap<>(Limit.class);
    for (Limit limit : Limit.values()) {
      limits.put(limit, (int) values.number(Key.valueOf(limit.name()), 0, MOST));
    }
    LimitValues fallback = new LimitValues(limits);
    return new LimitRules(
        (int) values.number(Key.MAX_CONNECTIONS, 0, 10_000_000),
        fallback,
        file.map(f -> new ClientClassReader(f).read(fallback)).orElse(List.of()));
  }

  private Marks overload() {
    return new Marks(
        (int) values.number(Key.OVERLOAD_CPU, 0, 100),
        (int) values.number(Key.OVERLOAD_HEAP, 0, 100),
        values.number(Key.OVERLOAD_OUTBOX_BYTES, 0, Long.MAX_VALUE),
        values.time(Key.OVERLOAD_PATIENCE, LoadShedder.LOOK));
  }

  private Proxies proxies() {
    List<AddressBlock> trusted = new ArrayList<>();
    for (String block : values.text(Key.TRUSTED_PROXIES).split(",")) {
      if (!block.isBlank()) {
        trusted.add(
            AddressBlock.parse(block.strip())
                .orElseThrow(
                    () ->
                        values.wrong(
                            Key.TRUSTED_PROXIES,
                            "addresses or blocks such as 10.0.0.0/8, separated by commas")));
      }
    }
    Proxies.Header header =
        Arrays.stream(Proxies.Header.values())
            .filter(h -> h.key().equals(values.text(Key.FORWARDED_HEADER)))
            .findFirst()
            .orElseThrow(
                () -> values.wrong(Key.FORWARDED_HEADER, "none, x-forwarded-for or forwarded"));
    boolean protocol = values.flag(Key.PROXY_PROTOCOL);
    if (trusted.isEmpty() && (protocol || header != Proxies.Header.NONE)) {
      throw values.wrong(Key.TRUSTED_PROXIES, "given, for nobody else is believed");
    }
    return new Proxies(trusted, header, protocol);
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
    URI subscribe = uri;
    if (!values.text(Key.REDIS_SUBSCRIBE).isEmpty()) {
      subscribe = redisUri(Key.REDIS_SUBSCRIBE);
      requireReplica(uri, subscribe);
    }
    return Optional.of(
        new ServiceConfig.RedisSettings(
            uri,
            subscribe,
            prefix,
            values.time(Key.REDIS_TIMEOUT, Duration.ofMillis(10)),
            trust(uri)));
  }

  private void requireReplica(URI uri, URI subscribe) {
    try {
      RedisConfig.of(uri).withSubscribe(subscribe);
    } catch (IllegalArgumentException e) {
      throw values.refused(Key.REDIS_SUBSCRIBE, e.getMessage());
    }
  }

  private Path trust(URI uri) {
    Path trust = Path.of(values.text(Key.REDIS_TRUST));
    try {
      RedisConfig.of(uri).withTrust(trust);
    } catch (IllegalArgumentException e) {
      throw values.refused(Key.REDIS_TRUST, e.getMessage());
    }
    return trust;
  }

  private URI redisUri(Key key) {
    URI uri = values.uri(key);
    try {
      RedisConfig.of(uri);
    } catch (IllegalArgumentException e) {
      throw values.refused(key, e.getMessage());
    }
    return uri;
  }

  private int partitions(Optional<ServiceConfig.RedisSettings> redis) {
    return values.text(Key.PARTITIONS).isEmpty()
        ? redis.map(r -> RedisConfig.of(r.uri()).partitions()).orElse(1)
        : (int) values.number(Key.PARTITIONS, 1, EventId.MAX_PARTITIONS);
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
        (int) values.number(Key.TOPICS_PER_CONNECTION, 0, MOST));
  }

  private Namespaces namespaces(boolean development) {
    Retention retention =
        new Retention(
            values.time(Key.RETENTION_AGE, Duration.ZERO),
            (int) values.number(Key.RETENTION_EVENTS, 0, Integer.MAX_VALUE),
            values.number(Key.RETENTION_BYTES, 0, Long.MAX_VALUE));
    Namespace fallback =
        new Namespace("default", List.of(), development, retention, Overflow.DISCONNECT);
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
