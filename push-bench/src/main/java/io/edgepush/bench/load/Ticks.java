package io.edgepush.bench.load;

/**
 * The clock of the marks: microseconds since 1970 that never go back, good for measuring between
 * processes of one machine.
 */
public final class Ticks {
  private static final long WALL = System.currentTimeMillis() * 1_000;
  private static final long NANOS = System.nanoTime();

  private Ticks() {}

  /** Now. */
  public static long micros() {
    return micros(System.nanoTime());
  }

  /** The moment of a {@link System#nanoTime()}. */
  public static long micros(long nanoTime) {
    return WALL + (nanoTime - NANOS) / 1_000;
  }
}
