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
      "`redis://` or `rediss://` URI of the backplane; empty keeps events in this node's memory"),
  /** Prefix of all keys in Redis. */
  REDIS_KEY_PREFIX("push", "first part of every key and channel in Redis"),
  /** Time limit of a command. */
  REDIS_TIMEOUT("2s", "time limit of a command to Redis"),
  /** Where to subscribe. */
  REDIS_SUBSCRIBE(
      "", "URI of a replica of that Redis to receive events from; empty is the same as `redis`"),
  /** Number of partitions. */
  PARTITIONS(
      "1",
      "partitions that topics are hashed to; the same on every node, never changed while events are retained"),
  /** Heartbeat. */
  HEARTBEAT("15s", "time between two heartbeats of a connection"),
  /** Outbox bound. */
  OUTBOX_BYTES(
      "1048576",
      "bytes that may wait for one connection; over it the connection is closed with 4201"),
  /** Topics of a connection. */
  TOPICS_PER_CONNECTION("10000", "topics that one connection may subscribe"),
  /** Linger. */
  LINGER("30s", "how long a topic stays attached after its last subscriber left this node"),
  /** Connection cap. */
  MAX_CONNECTIONS("18000", "connections open on the public port; over it 503"),
  /** Time for the head of a request. */
  REQUEST_TIMEOUT("30s", "time for the head of a request, and for an idle HTTP connection"),
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
  RETENTION_BYTES("1048576", "how many bytes of data a topic can replay");

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
