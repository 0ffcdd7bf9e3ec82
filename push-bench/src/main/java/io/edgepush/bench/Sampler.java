package io.edgepush.bench;

import io.edgepush.bench.load.Counts;
import io.edgepush.bench.load.ServerProcess;
import io.edgepush.bench.load.Subscribers;
import io.edgepush.bench.report.Second;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * Takes note once a second of what subscribers receive and what the server uses. For one thread.
 */
final class Sampler {
  private static final double NANOS = 1e9;

  private final Subscribers subscribers;
  private final Optional<ServerProcess> server;
  private final List<Second> seconds = new ArrayList<>();
  private final long start = System.nanoTime();
  private Histogram latency = new Histogram(1, Counts.MAX_MICROS, 3);
  private long lastNanos = start;
  private long lastReceived;
  private final long startCpu;
  private long lastCpu;

  Sampler(Subscribers subscribers, Optional<ServerProcess> server) {
    this.subscribers = subscribers;
    this.server = server;
    this.lastReceived = subscribers.counts().received();
    this.startCpu = cpuMicros();
    this.lastCpu = startCpu;
  }

  /** The CPU time when this began. */
  long startCpuMicros() {
    return startCpu;
  }

  /** CPU time of the server until now, 0 when it is not known. */
  long cpuMicros() {
    return server.map(ServerProcess::cpuMicros).orElse(0L);
  }

  /** The second that ends now. */
  Second second(boolean measured) {
    Histogram interval = new Histogram(1, Counts.MAX_MICROS, 3);
    subscribers.addLatency(interval);
    latency.add(interval);
    long now = System.nanoTime();
    long received = subscribers.counts().received();
    long cpu = cpuMicros();
    double elapsed = (now - lastNanos) / NANOS;
    Second second =
        new Second(
            (now - start) / NANOS,
            measured,
            Math.round((received - lastReceived) / elapsed),
            interval.getValueAtPercentile(50),
            interval.getValueAtPercentile(99),
            interval.getMaxValue(),
            (cpu - lastCpu) / elapsed / 10_000,
            server.map(ServerProcess::rssKib).orElse(0L));
    seconds.add(second);
    lastNanos = now;
    lastReceived = received;
    lastCpu = cpu;
    return second;
  }

  List<Second> seconds() {
    return seconds;
  }

  /** The latencies since this was asked before. */
  Histogram takeLatency() {
    subscribers.addLatency(latency);
    Histogram taken = latency;
    latency = new Histogram(1, Counts.MAX_MICROS, 3);
    return taken;
  }
}
