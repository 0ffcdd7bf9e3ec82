package io.edgepush.service.operations;

import io.edgepush.hub.HubStatistics;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;

/**
 * Metrics as lines in CloudWatch's embedded metric format, for platforms whose log driver sends
 * standard output to CloudWatch Logs. Each node tells its own numbers: the average of {@code
 * Connections} over a minute is what one node has. For one thread.
 */
public final class CloudWatchLines {
  private final HubStatistics statistics;
  private final String service;
  private final InstantSource clock;
  private long deliveries;
  private long gaps;

  /**
   * Lines of one node.
   *
   * @param service value of the dimension {@code Service}: letters, digits, {@code _}, {@code .}
   *     and {@code -}
   */
  public CloudWatchLines(HubStatistics statistics, String service, InstantSource clock) {
    this.statistics = statistics;
    this.service = service;
    this.clock = clock;
  }

  /** The next line: connections now, and what was delivered and skipped since the last line. */
  public String next() {
    long delivered = statistics.deliveries().sum();
    long skipped = statistics.gaps().sum();
    long open = statistics.connections().values().stream().mapToLong(LongAdder::sum).sum();
    String line =
        """
        {"_aws":{"Timestamp":%d,"CloudWatchMetrics":[{"Namespace":"Edgepush","Dimensions":[["Service"]],\
        "Metrics":[{"Name":"Connections","Unit":"Count"},{"Name":"Deliveries","Unit":"Count"},\
        {"Name":"Gaps","Unit":"Count"}]}]},"Service":"%s","Connections":%d,"Deliveries":%d,"Gaps":%d}"""
            .formatted(clock.millis(), service, open, delivered - deliveries, skipped - gaps);
    deliveries = delivered;
    gaps = skipped;
    return line;
  }
}
