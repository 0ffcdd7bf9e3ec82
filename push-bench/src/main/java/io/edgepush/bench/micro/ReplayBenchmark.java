package io.edgepush.bench.micro;

import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.MemoryBackplane;
import io.edgepush.backplane.Replay;
import io.edgepush.model.Event;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Retention;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

/** A client resumes: the events behind its cursor are read from memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReplayBenchmark {
  private static final int RETAINED = 1_000;

  /** How many events it has missed. */
  @Param({"0", "10", "1000"})
  public int missed;

  private final Backplane backplane =
      new MemoryBackplane(1, topic -> Retention.DEFAULT, InstantSource.system());
  private Position cursor;

  /** Fills the history. */
  @Setup
  public void prepare() {
    backplane.start(new Deaf());
    Position first = backplane.state(Samples.TOPIC).toCompletableFuture().join().last().position();
    cursor = first;
    for (int i = 0; i < RETAINED; i++) {
      Position stored =
          backplane
              .publish(List.of(Samples.publication(i)))
              .getFirst()
              .toCompletableFuture()
              .join()
              .id()
              .position();
      cursor = i < RETAINED - missed ? stored : cursor;
    }
  }

  /** Reads them. */
  @Benchmark
  public Replay replay() {
    return backplane.replay(Samples.TOPIC, cursor, RETAINED).toCompletableFuture().join();
  }

  /** Ends the store. */
  @TearDown
  public void close() {
    backplane.close();
  }

  private static final class Deaf implements Backplane.Listener {
    @Override
    public void onEvent(Event event) {}

    @Override
    public void onGap(Gap gap) {}
  }
}
