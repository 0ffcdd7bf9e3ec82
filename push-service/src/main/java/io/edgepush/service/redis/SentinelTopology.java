package io.edgepush.service.redis;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.HostAndPort;

/**
 * Listens to all sentinels for the master's change, and asks them: when one tells of it, when a
 * connection to one began, and when there is doubt. A virtual thread for each sentinel.
 */
final class SentinelTopology implements Topology {
  private static final System.Logger LOG = System.getLogger(SentinelTopology.class.getName());
  private static final byte[] SUBSCRIBE = Keys.bytes("SUBSCRIBE");
  private static final byte[] SWITCH = Keys.bytes("+switch-master");

  /** After so much silence the connection is made anew, and the sentinel asked. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private final String master;
  private final Dialer dialer;
  private final RedisConfig config;
  private final AskingTopology asking;
  private final List<Thread> watches;
  private final Map<HostAndPort, RedisConnection> open = new ConcurrentHashMap<>();
  private volatile boolean closed;

  SentinelTopology(RedisUri uri, Dialer dialer, RedisConfig config, RedisCounters counters) {
    this.master = uri.master();
    this.dialer = dialer;
    this.config = config;
    this.asking =
        new AskingTopology(
            uri.hosts(),
            new SentinelOracle(uri.master(), config.partitions()),
            dialer,
            config,
            counters);
    this.watches =
        uri.hosts().stream()
            .map(at -> Thread.ofVirtual().name("redis-sentinel-" + at).unstarted(() -> watch(at)))
            .toList();
  }

  @Override
  public void start(Listener listener) {
    asking.start(listener);
    watches.forEach(Thread::start);
  }

  @Override
  public void doubt(Optional<HostAndPort> hint) {
    // A server does not know another master; sentinels do.
    asking.doubt(Optional.empty());
  }

  private void watch(HostAndPort sentinel) {
    Backoff backoff = new Backoff(config.minBackoff(), config.maxBackoff());
    while (!closed) {
      try {
        listen(sentinel, backoff);
      } catch (RuntimeException | IOException e) {
        LOG.log(Level.DEBUG, "sentinel {0}: {1}", sentinel, Faults.words(e));
      }
      RedisConnection ended = open.remove(sentinel);
      if (ended != null) {
        ended.end();
      }
      sleep(backoff.next());
    }
  }

  private void listen(HostAndPort sentinel, Backoff backoff) throws IOException {
    RedisConnection connection = dialer.open(sentinel, "edgepush-sentinel", SILENCE);
    open.put(sentinel, connection);
    connection.write(SUBSCRIBE, SWITCH);
    connection.send();
    connection.read();
    backoff.reset();
    asking.look(Optional.of(sentinel));
    while (!closed) {
      if (concernsMaster(connection.read())) {
        asking.doubt(Optional.of(sentinel));
      }
    }
  }

  /** Whether a message tells of our master: {@code name old-ip old-port new-ip new-port}. */
  private boolean concernsMaster(Object message) {
    return message instanceof List<?> parts
        && parts.size() == 3
        && parts.get(2) instanceof byte[] text
        && new String(text, StandardCharsets.UTF_8).startsWith(master + " ");
  }

  private void sleep(long ms) {
    if (!closed) {
      Threads.sleep(ms);
    }
  }

  @Override
  public void close() {
    closed = true;
    asking.close();
    watches.forEach(Thread::interrupt);
    open.values().forEach(RedisConnection::end);
    watches.stream().filter(w -> w.getState() != Thread.State.NEW).forEach(Threads::join);
  }
}
