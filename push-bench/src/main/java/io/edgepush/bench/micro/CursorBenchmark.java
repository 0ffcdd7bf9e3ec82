package io.edgepush.bench.micro;

import io.edgepush.model.Cursor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
import org.openjdk.jmh.annotations.Warmup;

/** A cursor is read when a client resumes, and written for each event of SSE with partitions. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CursorBenchmark {
  /** How many partitions it names. */
  @Param({"1", "16"})
  public int partitions;

  private String text;
  private Cursor cursor;

  /** Makes a cursor of as many ids. */
  @Setup
  public void prepare() {
    text =
        IntStream.range(0, partitions)
            .mapToObj(p -> p + ":k3Fz8Q:" + (1_763_800_000_000L + p) + "-3")
            .collect(Collectors.joining(","));
    cursor = Cursor.parse(text);
  }

  /** From text. */
  @Benchmark
  public Cursor parse() {
    return Cursor.parse(text);
  }

  /** To text. */
  @Benchmark
  public String format() {
    return cursor.toString();
  }
}
