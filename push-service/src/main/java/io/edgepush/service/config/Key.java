package io.edgepush.service.config;

import java.util.Locale;
import java.util.Optional;

/**
 * The keys that have one value. docs/CONFIGURATION.md lists the same; a test holds them together.
 */
public enum Key {
  /** Development or production. */
  MODE(
      "production",
      "`development` opens everything and binds to loopback only; `production` opens nothing by itself"),
  /** The address of both listeners. */
  HOST("127.0.0.1", "address of both listeners"),
  /** The public port. */
  PORT("8080", "public port: subscribe, negotiate, pages; 0 takes any free one"),
  /** The private port. */
  PRIVATE_PORT("8081", "private port: publisher API, health, metrics; 0 takes any free one"),
  /** The address of the private listener. */
  PRIVATE_HOST("", "address of the private listener; empty is the same as `host`"),
  /** Redis. */
  REDIS(
      "",
      "`redis://`, `redis-sentinel://` or `redis-cluster://` URI of the backplane, with `rediss` in place of `redis` for TLS; empty keeps events in this node's memory"),
  /** Prefix of all keys in Redis. */
  REDIS_KEY_PREFIX("push", "first part of every key and channel in Redis"),
  /** Time limit of a command. */
  REDIS_TIMEOUT(
      "2s",
      "time limit of a command to Redis, and time between two probes of the connection that brings events"),
  /** Whom Redis is trusted by. */
  REDIS_TRUST(
      "",
      "PEM file of certificates that those of `rediss` servers and sentinels have to lead to; empty for those that the Java platform trusts"),
  /** Where to subscribe. */
  REDIS_SUBSCRIBE(
      "",
      "`redis://` or `rediss://` URI of a replica of that Redis to receive events from, not with a cluster; empty is the same as `redis`"),
  /** Number of partitions. */
  PARTITIONS(
      "",
      "partitions that topics are hashed to; the same on every node, never changed while events are retained; empty is 64 with `redis-cluster://`, else 1"),
  /** Heartbeat. */
  HEARTBEAT("15s", "time between two heartbeats of a connection"),
  /** Outbox bound. */
  OUTBOX_BYTES(
      "1048576",
      "bytes that may wait for one connection; over it the namespace's `overflow` decides"),
  /** Topics of a connection. */
  TOPICS_PER_CONNECTION("10000", "topics that one connection may subscribe; 0 is no bound"),
  /** Compression. */
  WEBSOCKET_COMPRESSION(
      "false",
      "whether WebSocket messages are compressed (permessage-deflate) for clients that offer it"),
  /** Linger. */
  LINGER("30s", "how long a topic stays attached after its last subscriber left this node"),
  /** Connection cap. */
  MAX_CONNECTIONS("18000", "connections open on the public port; over it 503; 0 is no bound"),
  /** Time for the head of a request. */
  REQUEST_TIMEOUT(
      "30s", "time for the head of a request, and on the public port for an idle HTTP connection"),
  /** Drain window. */
  DRAIN(
      "5s",
      "on SIGTERM: the time over which clients are asked to reconnect elsewhere, and that answers get to be written"),
  /** CloudWatch. */
  EMF_INTERVAL(
      "0s",
      "time between two lines with metrics in CloudWatch's embedded metric format on standard output; `0s` writes none"),
  /** Dimension in CloudWatch. */
  EMF_SERVICE("edgepush", "value of the dimension `Service` in these lines"),
  /** Retention by age. */
  RETENTION_AGE("2m", "how long an event can be replayed"),
  /** Retention by count. */
  RETENTION_EVENTS("1000", "how many events a topic can replay"),
  /** Retention by size. */
  RETENTION_BYTES("1048576", "how many bytes of data a topic can replay"),
  /** TLS of the public port. */
  TLS_CERTIFICATE(
      "",
      "file with the certificate chain of the public port, in PEM; empty serves it without TLS, as behind a proxy"),
  /** Its key. */
  TLS_KEY("", "file with the private key of `tls-certificate`, in PEM (PKCS #8)"),
  /** TLS of the private port. */
  PRIVATE_TLS_CERTIFICATE(
      "",
      "file with the certificate chain of the private port, in PEM; empty serves it without TLS"),
  /** Its key. */
  PRIVATE_TLS_KEY("", "file with the private key of `private-tls-certificate`, in PEM (PKCS #8)"),
  /** Web origins. */
  ORIGINS(
      "",
      "web origins that may use the public port besides its own, separated by commas: `https://app.example.com`, `https://*.example.com`, `loopback`, `*`; in development mode empty is `loopback`"),
  /** Cookie. */
  TOKEN_COOKIE(
      "",
      "cookie that may hold a subscriber's token, for pages of permitted origins; its name begins with `__Host-` or `__Secure-`; empty for none"),
  /** Clocks. */
  TOKEN_LEEWAY("10s", "how much the clock of a token's issuer may differ from this node's"),
  /** Lifetime. */
  TOKEN_LIFETIME(
      "168h",
      "how long a token may be valid from now on; one that ends later is refused, and a revocation holds for as long"),
  /** Warning. */
  TOKEN_WARNING("30s", "how long before a token ends its connection is told `token-expiring`"),
  /** Key rotation. */
  TOKEN_KEY_REFRESH("5m", "how often files and key sets of `token-keys` are read again"),
  /** Limit by address. */
  CONNECTS_PER_IP(
      "0", "new connections a second of one address (of an IPv6 /64); over it 429; 0 is off"),
  /** Limit by address. */
  CONNECTIONS_PER_IP(
      "0",
      "connections open at the same time of one address (of an IPv6 /64); over it 429; 0 is off"),
  /** Limit by subject. */
  CONNECTIONS_PER_SUBJECT(
      "0", "subscribers connected at the same time with one token subject; over it 429; 0 is off"),
  /** Limit by connection. */
  SUBSCRIBES_PER_SECOND(
      "100", "subscribe messages a second of one connection; over it an `error`; 0 is off"),
  /** Limit by connection. */
  MESSAGES_PER_SECOND(
      "1000", "messages a second of one connection; over it an `error` and close 4101; 0 is off"),
  /** Limit by connection. */
  DELIVERIES_PER_SECOND(
      "0",
      "events a second to one connection; over it the namespace's `overflow` decides; 0 is off"),
  /** Limit by API key. */
  PUBLISHES_PER_SECOND(
      "0",
      "events a second of one publisher key or token subject, counted across all nodes by Redis; over it 429, on WebSocket an `error`; 0 is off"),
  /** Limit on guessing. */
  REFUSALS_PER_MINUTE(
      "30",
      "keys and tokens of one address that the private port refuses in a minute; over it 429 for those that were not valid lately; 0 is off"),
  /** Limit on probing. */
  FORBIDDEN_PER_MINUTE(
      "300",
      "requests of one publisher key or token subject from one address in a minute for what it may not do; over it 429 to all of its requests; 0 is off"),
  /** Load shedding. */
  OVERLOAD_HEAP(
      "95",
      "percent of the heap in use after a garbage collection, from which new connections are refused; 0 is off"),
  /** Load shedding. */
  OVERLOAD_CPU(
      "0",
      "percent of the processors in use by this process, from which load is shed step by step; 0 is off"),
  /** Load shedding. */
  OVERLOAD_OUTBOX_BYTES(
      "0",
      "bytes waiting for all connections together, from which load is shed step by step; 0 is off"),
  /** Load shedding. */
  OVERLOAD_PATIENCE(
      "5s",
      "how long a mark is passed before the next step of load shedding, and kept before one is taken back"),
  /** Who is believed. */
  TRUSTED_PROXIES(
      "",
      "addresses and CIDR blocks, separated by commas, of proxies that may say whom they speak for"),
  /** Where they say it. */
  FORWARDED_HEADER(
      "none",
      "the header in which trusted proxies name the client: `none`, `x-forwarded-for` or `forwarded`"),
  /** PROXY protocol. */
  PROXY_PROTOCOL(
      "false",
      "`true` when each connection of a trusted proxy begins with a PROXY header, version 1 or 2");

  private final String fallback;
  private final String description;

  Key(String fallback, String description) {
    this.fallback = fallback;
    this.description = description;
  }

  /** The key in a YAML file; {@code --} before it makes the option. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The environment variable. */
  public String environment() {
    return "PUSH_" + name();
  }

  /** The value when none is given. */
  public String fallback() {
    return fallback;
  }

  /** One line for {@code --help} and the documentation. */
  public String description() {
    return description;
  }

  /** The key of this name. */
  public static Optional<Key> of(String name) {
    for (Key key : values()) {
      if (key.key().equals(name)) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }
}
