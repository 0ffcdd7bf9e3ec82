package io.edgepush.service.redis;

import io.edgepush.model.EventId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where Redis is and how it is used. URIs are {@code
 * redis://[[user]:password@]host[:port][/database]} for a server, {@code
 * redis-sentinel://[[user]:password@]sentinel[:port][,…][/database][?sentinel-user=…&sentinel-password=…&sentinel-tls=…]#master}
 * for a master that sentinels know, {@code redis-cluster://[[user]:password@]node[:port][,…]} for a
 * cluster; with TLS for {@code rediss} in place of {@code redis}. Users and passwords are
 * percent-encoded.
 *
 * @param publish where events are stored
 * @param subscribe where events are received from: the same, or a server that is a replica
 * @param prefix what all keys and channels begin with, in braces with the partition; nodes of one
 *     deployment share it
 * @param partitions the number of partitions, the same on every node of a deployment
 * @param timeout the most a command takes, with reconnecting and repeating it; also how long a
 *     connection may be silent while an answer is due
 * @param queueBytes the bound of each queue: commands not yet answered of a connection (over it
 *     they fail at once), and events received but not yet delivered (over it they are dropped and
 *     read again from the stream; each partition has its part, but at least 1 MiB)
 * @param minBackoff the shortest wait between attempts to connect
 * @param maxBackoff the longest one
 * @param heartbeat how often the subscribing connection is probed; it counts as dead after 2.5
 *     times as long
 * @param trust a PEM file of certificates that {@code rediss} trusts; an empty path for those of
 *     the Java platform
 */
public record RedisConfig(
    URI publish,
    URI subscribe,
    String prefix,
    int partitions,
    Duration timeout,
    long queueBytes,
    Duration minBackoff,
    Duration maxBackoff,
    Duration heartbeat,
    Path trust) {
  private static final int CLUSTER_PARTITIONS = 64;

  /** A configuration that trusts whom the Java platform trusts. */
  public RedisConfig(
      URI publish,
      URI subscribe,
      String prefix,
      int partitions,
      Duration timeout,
      long queueBytes,
      Duration minBackoff,
      Duration maxBackoff,
      Duration heartbeat) {
    this(
        publish,
        subscribe,
        prefix,
        partitions,
        timeout,
        queueBytes,
        minBackoff,
        maxBackoff,
        heartbeat,
        Path.of(""));
  }

  /** Checks the values. */
  public RedisConfig {
    RedisUri read = RedisUri.of(publish);
    if (!subscribe.equals(publish)) {
      requireReplica(read, RedisUri.of(subscribe));
    }
    Dialer.checkTrust(trust);
    if (prefix.isEmpty()
        || !prefix.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '{' && c != '}')) {
      throw new IllegalArgumentException("prefix: printable ASCII without braces");
    }
    if (partitions < 1 || partitions > EventId.MAX_PARTITIONS) {
      throw new IllegalArgumentException("partitions: 1 to " + EventId.MAX_PARTITIONS);
    }
    if (queueBytes < 1 << 20) {
      throw new IllegalArgumentException("queueBytes: at least 1 MiB");
    }
    requirePositive("timeout", timeout);
    requirePositive("minBackoff", minBackoff);
    requirePositive("heartbeat", heartbeat);
    if (maxBackoff.compareTo(minBackoff) < 0) {
      throw new IllegalArgumentException("maxBackoff is less than minBackoff");
    }
  }

  private static void requireReplica(RedisUri publish, RedisUri subscribe) {
    if (publish.kind() == RedisUri.Kind.CLUSTER || subscribe.kind() != RedisUri.Kind.SERVER) {
      throw new IllegalArgumentException(
          "events are received from a server that is a replica, of a master that is no cluster");
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(name + ": at least 1 ms");
    }
  }

  /**
   * The defaults: one partition, or 64 in a cluster; commands in 2 s, queues of 8 MiB.
   *
   * @throws IllegalArgumentException that says what is wrong with the URI, without showing it
   */
  public static RedisConfig of(URI uri) {
    return new RedisConfig(
        uri,
        uri,
        "push",
        RedisUri.of(uri).kind() == RedisUri.Kind.CLUSTER ? CLUSTER_PARTITIONS : 1,
        Duration.ofSeconds(2),
        8 << 20,
        Duration.ofMillis(50),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5));
  }

  /** The same with another endpoint to subscribe at. */
  public RedisConfig withSubscribe(URI uri) {
    return new RedisConfig(
        publish,
        uri,
        prefix,
        partitions,
        timeout,
        queueBytes,
        minBackoff,
        maxBackoff,
        heartbeat,
        trust);
  }

  /** The same with another prefix. */
  public RedisConfig withPrefix(String text) {
    return new RedisConfig(
        publish,
        subscribe,
        text,
        partitions,
        timeout,
        queueBytes,
        minBackoff,
        maxBackoff,
        heartbeat,
        trust);
  }

  /** The same with another number of partitions. */
  public RedisConfig withPartitions(int count) {
    return new RedisConfig(
        publish,
        subscribe,
        prefix,
        count,
        timeout,
        queueBytes,
        minBackoff,
        maxBackoff,
        heartbeat,
        trust);
  }

  /** The same with other times. */
  public RedisConfig withTimes(Duration command, Duration probe) {
    return new RedisConfig(
        publish,
        subscribe,
        prefix,
        partitions,
        command,
        queueBytes,
        minBackoff,
        maxBackoff,
        probe,
        trust);
  }

  /** The same with other trust. */
  public RedisConfig withTrust(Path pem) {
    return new RedisConfig(
        publish,
        subscribe,
        prefix,
        partitions,
        timeout,
        queueBytes,
        minBackoff,
        maxBackoff,
        heartbeat,
        pem);
  }

  @Override
  public String toString() {
    return "RedisConfig[publish="
        + RedisUri.of(publish)
        + ", subscribe="
        + RedisUri.of(subscribe)
        + ", prefix="
        + prefix
        + ", partitions="
        + partitions
        + "]";
  }
}
