package io.edgepush.hub;

import java.time.Duration;

/**
 * The hub's bounds.
 *
 * @param outboxBytes what may wait for one connection, in bytes
 * @param heartbeat the time between two heartbeats of a connection
 * @param attachTimeout how long a subscribe waits for the backplane
 * @param linger how long a topic stays attached after its last subscriber left
 * @param topicsPerSession the most topics that one connection may subscribe
 */
public record HubConfig(
    long outboxBytes,
    Duration heartbeat,
    Duration attachTimeout,
    Duration linger,
    int topicsPerSession) {
  /** 1 MiB, 15 s, 5 s, 30 s and 10,000. */
  public static final HubConfig DEFAULT =
      new HubConfig(
          1L << 20, Duration.ofSeconds(15), Duration.ofSeconds(5), Duration.ofSeconds(30), 10_000);
}
