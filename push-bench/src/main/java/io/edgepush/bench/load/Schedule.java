package io.edgepush.bench.load;

/**
 * When things are meant to happen: evenly, whether or not those before were done (an open loop).
 *
 * @param start the moment of the first, of {@link System#nanoTime()}
 * @param perSecond how many a second; 0 for all at once
 */
public record Schedule(long start, double perSecond) {
  private static final double NANOS = 1e9;

  /** Rejects what runs backwards. */
  public Schedule {
    if (!(perSecond >= 0)) {
      throw new IllegalArgumentException("a rate is 0 or more a second");
    }
  }

  /** When number {@code n}, from 0 on, is due. */
  public long due(long n) {
    return perSecond == 0 ? start : start + (long) (n * NANOS / perSecond);
  }

  /** Whether number {@code n} is due at a moment. */
  public boolean isDue(long n, long nanoTime) {
    return nanoTime - due(n) >= 0;
  }
}
