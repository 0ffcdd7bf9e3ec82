package io.edgepush.service.redis;

import io.edgepush.backplane.BackplaneException;
import java.util.Optional;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * Why a command comes back from a server to be sent again, perhaps to another one.
 *
 * @param kind what to do about it
 * @param target the server that the answer named
 * @param why what the command fails with when its time is over before
 */
record Detour(Kind kind, Optional<HostAndPort> target, BackplaneException why) {

  /** What to do about it. Except for the last, it is certain that the command did not run. */
  enum Kind {
    /** The partition lives elsewhere; where is to be found out. */
    MOVED,
    /** The partition is on its way to another server, which has to be asked for this once. */
    ASK,
    /** The partition is on its way to another server. */
    WAIT,
    /** The server serves nobody now. */
    DOWN,
    /** The server forgot the script. */
    SCRIPT,
    /** The partition's epoch is of another server. */
    CLAIM,
    /** The server is not used any more. */
    RETIRED
  }

  /** Reads an error; empty when it is final. */
  static Optional<Detour> of(JedisDataException error, HostAndPort from) {
    String message = String.valueOf(error.getMessage());
    return kind(error, message.substring(0, Math.max(0, message.indexOf(' '))))
        .map(kind -> new Detour(kind, target(error, from), Faults.refused(error)));
  }

  private static Optional<Kind> kind(JedisDataException error, String word) {
    if (error instanceof JedisMovedDataException) {
      return Optional.of(Kind.MOVED);
    }
    if (error instanceof JedisAskDataException) {
      return Optional.of(Kind.ASK);
    }
    return Optional.ofNullable(
        switch (word) {
          case "TRYAGAIN" -> Kind.WAIT;
          case "CLUSTERDOWN", "READONLY" -> Kind.DOWN;
          case "NOSCRIPT" -> Kind.SCRIPT;
          case "FENCED" -> Kind.CLAIM;
          default -> null;
        });
  }

  /** A server that does not know its own name leaves it out: then it is that of the one asked. */
  private static Optional<HostAndPort> target(JedisDataException error, HostAndPort from) {
    return error instanceof JedisRedirectionException redirection
        ? Optional.of(redirection.getTargetNode())
            .map(to -> to.getHost().isEmpty() ? new HostAndPort(from.getHost(), to.getPort()) : to)
        : Optional.empty();
  }

  static Detour retired() {
    return new Detour(
        Kind.RETIRED, Optional.empty(), Faults.away("the master is another one", null, 0));
  }
}
