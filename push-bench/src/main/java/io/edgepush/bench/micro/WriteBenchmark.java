package io.edgepush.bench.micro;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The ways to write several frames to a connection: what the choice of {@code FrameBatch} rests on.
 * Over TCP on loopback, to a peer that reads at once.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WriteBenchmark {
  private static final int FRAME_BYTES = 122;
  private static final int BATCH_BYTES = 1 << 16;

  /** How many frames are written at once. */
  @Param({"1", "4", "16", "64"})
  private int frames;

  private final ByteBuffer joined = ByteBuffer.allocateDirect(BATCH_BYTES);
  private byte[][] heap;
  private ByteBuffer[] direct;
  private ByteBuffer[] parts;
  private SocketChannel channel;
  private Thread reader;

  /** Connects, and lets a thread read what comes. */
  @Setup
  public void connect() throws IOException {
    heap = IntStream.range(0, frames).mapToObj(_ -> new byte[FRAME_BYTES]).toArray(byte[][]::new);
    direct =
        IntStream.range(0, frames)
            .mapToObj(_ -> ByteBuffer.allocateDirect(FRAME_BYTES))
            .toArray(ByteBuffer[]::new);
    parts = new ByteBuffer[frames];
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      channel = SocketChannel.open(server.getLocalAddress());
      SocketChannel peer = server.accept();
      reader = Thread.ofPlatform().daemon().name("reader").start(() -> read(peer));
    }
  }

  private static void read(SocketChannel peer) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    try (peer) {
      while (peer.read(buffer.clear()) >= 0) {
        // the kernel's buffer is to stay empty
      }
    } catch (AsynchronousCloseException _) {
      // the end
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Joined for a connection before this one, which had the same frames. */
  @Benchmark
  public void joinedAlready() throws IOException {
    write(joined.position(0).limit(frames * FRAME_BYTES));
  }

  /** Copied behind each other for this connection. */
  @Benchmark
  public void joinedForThis() throws IOException {
    joined.clear();
    for (byte[] frame : heap) {
      joined.put(frame);
    }
    write(joined.flip());
  }

  /** A gathering write of arrays, which the JDK copies to memory off the heap one by one. */
  @Benchmark
  public void gatheredFromHeap() throws IOException {
    for (int i = 0; i < frames; i++) {
      parts[i] = ByteBuffer.wrap(heap[i]);
    }
    gather();
  }

  /** A gathering write of frames that are off the heap; each write needs positions of its own. */
  @Benchmark
  public void gatheredDirectly() throws IOException {
    for (int i = 0; i < frames; i++) {
      parts[i] = direct[i].duplicate();
    }
    gather();
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private void gather() throws IOException {
    ByteBuffer last = parts[frames - 1];
    while (last.hasRemaining()) {
      channel.write(parts);
    }
  }

  /** Ends both sides. */
  @TearDown
  public void close() throws IOException, InterruptedException {
    channel.close();
    reader.join();
  }
}
