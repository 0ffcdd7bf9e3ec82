package io.edgepush.bench.micro;

import io.edgepush.access.Credentials;
import io.edgepush.access.Principal;
import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.MemoryBackplane;
import io.edgepush.hub.FrameBatch;
import io.edgepush.hub.Hub;
import io.edgepush.hub.HubConfig;
import io.edgepush.hub.Outbox;
import io.edgepush.hub.Session;
import io.edgepush.hub.Transport;
import io.edgepush.model.Retention;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.ServerMessage;
import io.edgepush.wire.Start;
import io.edgepush.wire.WireFormat;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An event from publish to a transport that takes everything, for 500 sessions on one thread: what
 * our own code costs for a delivery when no socket is written.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FanoutBenchmark {
  private static final int SESSIONS = 500;
  private static final int BATCH_BYTES = 1 << 16;
  private static final Duration NO_HEARTBEAT = Duration.ofHours(1);

  private final Backplane backplane =
      new MemoryBackplane(
          1, topic -> new Retention(Duration.ofMinutes(2), 100, 1 << 20), InstantSource.system());
  private final Hub hub =
      new Hub(
          backplane,
          new HubConfig(1 << 20, NO_HEARTBEAT, Duration.ofSeconds(5), Duration.ofSeconds(30), 10));
  private final Queue<Outbox> ready = new ArrayDeque<>();
  private final FrameBatch batch = new FrameBatch(BATCH_BYTES);
  private long published;

  /** Subscribes them. */
  @Setup
  public void prepare() {
    hub.start();
    for (int i = 0; i < SESSIONS; i++) {
      Outbox outbox = hub.outbox(new Bottomless(), ready::add);
      Principal principal = new Principal("bench", Credentials.Role.SUBSCRIBER);
      Session session = hub.open(principal, "127.0.0.1", outbox);
      hub.subscribe(session, List.of(Samples.TOPIC), Start.NOW, ServerMessage.NO_REF, true);
    }
    drain();
  }

  /** Publishes one event and drains all outboxes. */
  @Benchmark
  @OperationsPerInvocation(SESSIONS)
  public void publishAndDrain() {
    backplane.publish(List.of(Samples.publication(published++)));
    drain();
  }

  private void drain() {
    for (Outbox outbox = ready.poll(); outbox != null; outbox = ready.poll()) {
      if (outbox.drain(batch)) {
        ready.add(outbox);
      }
      batch.takeNewestEvent();
    }
  }

  /** Ends the hub. */
  @TearDown
  public void close() {
    hub.close();
  }

  private static final class Bottomless implements Transport {
    @Override
    public WireFormat format() {
      return WireFormat.WEBSOCKET_JSON;
    }

    @Override
    public boolean singleBatch() {
      return false;
    }

    @Override
    public Written write(FrameBatch frames) {
      frames.written(frames.buffer().remaining());
      return Written.ALL;
    }

    @Override
    public void close(CloseReason reason) {}
  }
}
