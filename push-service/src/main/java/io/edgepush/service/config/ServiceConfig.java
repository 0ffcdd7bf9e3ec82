package io.edgepush.service.config;

import io.edgepush.hub.HubConfig;
import io.edgepush.service.access.PublisherKey;
import io.edgepush.service.edge.EdgeConfig;
import io.edgepush.service.limits.LimitRules;
import io.edgepush.service.limits.Proxies;
import io.edgepush.service.redis.RedisConfig;
import io.edgepush.service.shedding.Marks;
import io.edgepush.service.tls.PemFiles;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All that the service is told, checked.
 *
 * @param development whether everything is open, on loopback
 * @param edge the public listener
 * @param privateHost the private listener's address
 * @param privatePort the private listener's port; 0 for any that is free
 * @param redis the backplane, or none for memory
 * @param partitions how many partitions there are
 * @param hub the hub's bounds
 * @param drain the drain window
 * @param emf what CloudWatch is told
 * @param namespaces what holds for which topics
 * @param publisherKeys who may publish
 * @param tls the keys of the public port, or none
 * @param privateTls the keys of the private port, or none
 * @param access who may come in besides, and how
 * @param limits how much each client may
 * @param overload from where on load is shed
 * @param proxies who may say whom it speaks for
 */
public record ServiceConfig(
    boolean development,
    EdgeConfig edge,
    String privateHost,
    int privatePort,
    Optional<RedisSettings> redis,
    int partitions,
    HubConfig hub,
    Duration drain,
    EmfSettings emf,
    Namespaces namespaces,
    List<PublisherKey> publisherKeys,
    Optional<PemFiles> tls,
    Optional<PemFiles> privateTls,
    AccessSettings access,
    LimitRules limits,
    Marks overload,
    Proxies proxies) {
  /** Copies the list. */
  public ServiceConfig {
    publisherKeys = List.copyOf(publisherKeys);
  }

  /**
   * Log lines for CloudWatch.
   *
   * @param interval time between two of them; zero for none
   * @param service what their dimension says
   */
  public record EmfSettings(Duration interval, String service) {}

  /**
   * How to reach Redis.
   *
   * @param uri where it is; may hold a password
   * @param subscribe where events are received from: the same, or a replica
   * @param keyPrefix first part of every key
   * @param timeout time limit of a command
   * @param trust certificates in PEM; an empty path for those of the Java platform
   */
  public record RedisSettings(
      URI uri, URI subscribe, String keyPrefix, Duration timeout, Path trust) {
    @Override
    public String toString() {
      return RedisConfig.of(uri).withSubscribe(subscribe).withPrefix(keyPrefix).toString();
    }
  }
}
