package io.edgepush.service.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network path that can go bad: it listens on a port of its own and passes bytes on to another
 * one, late, slowly, not at all, or until it cuts. What is set holds for connections there are and
 * those to come. Safe for any thread.
 */
public final class Relay implements AutoCloseable {
  private static final int CONNECT_MS = 5_000;

  private final ServerSocket server;
  private final int target;
  private final Set<RelayedConnection> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  // Guards silent; whoever has bytes to pass on waits for the condition.
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition audible = lock.newCondition();
  private boolean silent;
  private volatile long delayNanos;
  private volatile long bytesPerSecond = Long.MAX_VALUE;
  private volatile boolean closed;

  private Relay(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  /** A path to a port of this machine, in order at first. */
  public static Relay to(int port) {
    try {
      ServerSocket server = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
      Relay relay = new Relay(server, port);
      Thread.ofVirtual().name("relay").start(relay::accept);
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  public int port() {
    return server.getLocalPort();
  }

  /** Where it listens, as the address of a Redis. */
  public URI redis() {
    return URI.create("redis://127.0.0.1:" + port());
  }

  /** How many connections it took so far. */
  public int accepted() {
    return accepted.get();
  }

  /** How many are open. */
  public int open() {
    return open.size();
  }

  /** From now on every byte arrives so much later, in either direction. */
  public Relay delay(Duration late) {
    delayNanos = late.toNanos();
    return this;
  }

  /** From now on so many bytes a second and connection come from the target at most. */
  public Relay throttle(long bytes) {
    bytesPerSecond = bytes;
    return this;
  }

  /** From now on nothing passes and nobody is told: no end, no reset. */
  public Relay blackHole() {
    return silence(true);
  }

  /** All passes again as at first. Connections of before go on with what waited. */
  public Relay heal() {
    delayNanos = 0;
    bytesPerSecond = Long.MAX_VALUE;
    return silence(false);
  }

  private Relay silence(boolean now) {
    lock.lock();
    try {
      silent = now;
      audible.signalAll();
    } finally {
      lock.unlock();
    }
    return this;
  }

  /** Resets all connections. */
  public void reset() {
    open.forEach(RelayedConnection::reset);
  }

  /** Ends all connections in order, toward both sides. */
  public void end() {
    open.forEach(RelayedConnection::close);
  }

  long delayNanos() {
    return delayNanos;
  }

  long bytesPerSecond() {
    return bytesPerSecond;
  }

  void forget(RelayedConnection connection) {
    open.remove(connection);
  }

  /** Waits until bytes may pass; false when the path is given up. */
  boolean awaitAudible() {
    lock.lock();
    try {
      while (silent && !closed) {
        audible.awaitUninterruptibly();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    while (!closed) {
      try {
        Socket near = server.accept();
        accepted.incrementAndGet();
        Thread.ofVirtual().name("relay-connect").start(() -> connect(near));
      } catch (IOException _) {
        return; // closed
      }
    }
  }

  private void connect(Socket near) {
    Socket far = new Socket();
    RelayedConnection connection = new RelayedConnection(this, near, far);
    open.add(connection);
    try {
      if (awaitAudible()) {
        far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_MS);
        connection.start();
      }
    } catch (IOException _) {
      connection.reset(); // as if there were no path: refused
    }
    if (closed) {
      connection.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    silence(false);
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    end();
  }
}
