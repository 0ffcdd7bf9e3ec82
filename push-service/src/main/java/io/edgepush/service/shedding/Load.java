package io.edgepush.service.shedding;

/**
 * What a node has to do.
 *
 * @param cpu how much of its processors the process uses, 0 to 1
 * @param heap how full the heap was when the collector was last done with it, 0 to 1
 * @param outboxBytes how many bytes wait for all connections
 */
public record Load(double cpu, double heap, long outboxBytes) {
  /** Nothing to do. */
  public static final Load NONE = new Load(0, 0, 0);
}
