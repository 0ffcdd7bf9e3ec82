package io.edgepush.service.edge;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;

/**
 * The time by which something has to have come on a connection that speaks HTTP: the whole head of
 * a request, from its first byte or from the end of the one before. Whoever is later is cut, so
 * that a slow sender holds no thread for long.
 */
final class HttpDeadline {
  private static final long NONE = Long.MAX_VALUE;

  private final SocketChannel channel;
  private final Set<HttpDeadline> live;
  private volatile long atNanos;

  /**
   * A deadline that is watched.
   *
   * @param live those that are watched
   */
  HttpDeadline(SocketChannel channel, Duration time, Set<HttpDeadline> live) {
    this.channel = channel;
    this.live = live;
    set(time);
    live.add(this);
  }

  /** From now on. */
  void set(Duration time) {
    atNanos = System.nanoTime() + time.toNanos();
  }

  /** Nothing is due. */
  void met() {
    atNanos = NONE;
  }

  /** The connection ends, or speaks HTTP no more. */
  void over() {
    met();
    live.remove(this);
  }

  /** Cuts the connection when it is late. */
  void enforce(long nowNanos) {
    long at = atNanos;
    if (at != NONE && nowNanos - at > 0) {
      cut();
    }
  }

  /** Cuts the connection. */
  void cut() {
    try {
      channel.close();
    } catch (IOException _) {
      // the descriptor is released all the same
    }
  }
}
