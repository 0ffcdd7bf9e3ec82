package io.edgepush.service.shedding;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.function.LongSupplier;

/** Measures the load of this process. For one thread; costs microseconds beside the outboxes. */
public final class LoadMeter {
  /** Over how many looks the CPU is averaged: one alone is short and says little. */
  private static final int LOOKS = 5;

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans();

  /** Where objects end up that live on. */
  private final List<MemoryPoolMXBean> old =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(p -> p.getType() == MemoryType.HEAP)
          .filter(p -> p.isUsageThresholdSupported() && p.isCollectionUsageThresholdSupported())
          .toList();

  private final LongSupplier outboxBytes;
  private final double[] recent = new double[LOOKS];
  private int looks;

  /**
   * A meter.
   *
   * @param outboxBytes how many bytes wait for all connections
   */
  public LoadMeter(LongSupplier outboxBytes) {
    this.outboxBytes = outboxBytes;
  }

  /** The load now. */
  public Load look() {
    return new Load(cpu(), heap(), outboxBytes.getAsLong());
  }

  /** How often garbage was collected. */
  long collections() {
    return collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
  }

  private double cpu() {
    double now = system.getProcessCpuLoad();
    if (now >= 0) { // otherwise it is not known
      recent[looks++ % LOOKS] = now;
    }
    double sum = 0;
    for (double each : recent) {
      sum += each;
    }
    return sum / LOOKS;
  }

  private double heap() {
    double fullest = 0;
    for (MemoryPoolMXBean pool : old) {
      MemoryUsage usage = pool.getCollectionUsage();
      if (usage != null && usage.getMax() > 0) {
        fullest = Math.max(fullest, (double) usage.getUsed() / usage.getMax());
      }
    }
    return fullest;
  }
}
