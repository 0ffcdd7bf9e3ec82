package io.edgepush.service.shedding;

import java.time.Duration;

/**
 * From where on a load is too much. Each mark is off at 0.
 *
 * @param cpuPercent of the processors
 * @param heapPercent of the heap
 * @param outboxBytes that wait for all connections
 * @param patience how long a mark is passed before the next step is taken, and how long all are
 *     clearly kept before one is taken back
 */
public record Marks(int cpuPercent, int heapPercent, long outboxBytes, Duration patience) {
  /** No marks. */
  public static final Marks NONE = new Marks(0, 0, 0, Duration.ofSeconds(5));

  /** A load below this part of a mark keeps it clearly. */
  private static final double CLEARLY = 0.9;

  /** The last step that a load calls for. A full heap alone calls for no new connections only. */
  Step calledFor(Load load) {
    return calledFor(load, 1);
  }

  /** The last step that is not taken back under a load. */
  Step heldBy(Load load) {
    return calledFor(load, CLEARLY);
  }

  private Step calledFor(Load load, double part) {
    if (passes(load.cpu() * 100, cpuPercent, part)
        || passes(load.outboxBytes(), outboxBytes, part)) {
      return Step.PUBLISHES;
    }
    return isHeapFull(load, part) ? Step.CONNECTIONS : Step.NONE;
  }

  /** Whether the heap is full, which can not wait. */
  boolean isHeapFull(Load load) {
    return isHeapFull(load, 1);
  }

  private boolean isHeapFull(Load load, double part) {
    return passes(load.heap() * 100, heapPercent, part);
  }

  private static boolean passes(double value, double mark, double part) {
    return mark > 0 && value >= mark * part;
  }
}
