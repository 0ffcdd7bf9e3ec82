package io.edgepush.service.limits;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/**
 * How many connections the process may have open, by its limit of descriptors ({@code ulimit -n}).
 *
 * @param descriptors the limit
 * @param publicConnections at most on the public port
 * @param privateConnections at most on the private port
 * @param refusals at most, on either port, that are being refused
 */
public record DescriptorBudget(
    long descriptors, int publicConnections, int privateConnections, int refusals) {
  private static final int UNKNOWN = Integer.MAX_VALUE;

  /** For files that are read later, for Redis and for what else comes and goes. */
  private static final int RESERVE = 100;

  private static final int MOST_PRIVATE = 1_000;
  private static final int MOST_REFUSALS = 200;
  private static final int LEAST = 4;

  /** The budget of this process as it is now. */
  public static DescriptorBudget ofProcess() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    return system instanceof UnixOperatingSystemMXBean unix
        ? of(unix.getMaxFileDescriptorCount(), unix.getOpenFileDescriptorCount())
        : of(UNKNOWN, 0);
  }

  /**
   * The budget under a limit.
   *
   * @param open how many are open already
   */
  public static DescriptorBudget of(long descriptors, long open) {
    int refusals = Math.clamp(descriptors / 100, LEAST, MOST_REFUSALS);
    long left = descriptors - open - RESERVE - 2L * refusals;
    int closed = Math.clamp(left / 4, LEAST, MOST_PRIVATE);
    int publicly = Math.clamp(left - closed, LEAST, UNKNOWN);
    return new DescriptorBudget(descriptors, publicly, closed, refusals);
  }
}
