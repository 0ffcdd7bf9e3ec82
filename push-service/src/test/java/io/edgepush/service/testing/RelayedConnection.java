package io.edgepush.service.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * One connection over a {@link Relay}: for each direction a thread that reads and one that writes.
 */
final class RelayedConnection {
  private static final int CHUNK = 16 << 10;
  private static final int MOST_CHUNKS = 64;
  private static final Chunk END = new Chunk(new byte[0], 0);

  private final Relay relay;
  private final Socket near;
  private final Socket far;

  /** Bytes, and when they may arrive, by {@link System#nanoTime()}. */
  private record Chunk(byte[] bytes, long due) {}

  RelayedConnection(Relay relay, Socket near, Socket far) {
    this.relay = relay;
    this.near = near;
    this.far = far;
  }

  void start() throws IOException {
    near.setTcpNoDelay(true);
    far.setTcpNoDelay(true);
    pass(near, far, false);
    pass(far, near, true);
  }

  private void pass(Socket from, Socket to, boolean throttled) {
    BlockingQueue<Chunk> late = new ArrayBlockingQueue<>(MOST_CHUNKS);
    Thread.ofVirtual().name("relay-in").start(() -> take(from, late));
    Thread.ofVirtual().name("relay-out").start(() -> give(late, to, throttled));
  }

  private void take(Socket from, BlockingQueue<Chunk> late) {
    byte[] bytes = new byte[CHUNK];
    try {
      InputStream in = from.getInputStream();
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        late.put(new Chunk(Arrays.copyOf(bytes, n), System.nanoTime() + relay.delayNanos()));
      }
      late.put(END);
    } catch (IOException _) {
      relay.awaitAudible();
      reset(); // one side's reset is the other's
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void give(BlockingQueue<Chunk> late, Socket to, boolean throttled) {
    try {
      for (Chunk chunk = late.take(); chunk != END; chunk = late.take()) {
        waitUntil(chunk.due());
        give(chunk.bytes(), to, throttled);
      }
      relay.awaitAudible();
      close();
    } catch (IOException _) {
      reset();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void give(byte[] bytes, Socket to, boolean throttled) throws IOException {
    int at = 0;
    while (at < bytes.length && relay.awaitAudible()) {
      long rate = throttled ? relay.bytesPerSecond() : Long.MAX_VALUE;
      int n = (int) Math.min(bytes.length - at, Math.max(1, rate / 10));
      to.getOutputStream().write(bytes, at, n);
      at += n;
      if (rate < Long.MAX_VALUE) {
        waitUntil(System.nanoTime() + n * 1_000_000_000L / rate);
      }
    }
  }

  /** The delay that the relay makes. */
  private static void waitUntil(long due) {
    for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
      LockSupport.parkNanos(wait);
    }
  }

  void reset() {
    for (Socket side : new Socket[] {near, far}) {
      try {
        side.setSoLinger(true, 0);
      } catch (IOException _) {
        // it was over already
      }
    }
    close();
  }

  void close() {
    relay.forget(this);
    for (Socket side : new Socket[] {near, far}) {
      try {
        side.close();
      } catch (IOException _) {
        // it was over already
      }
    }
  }
}
