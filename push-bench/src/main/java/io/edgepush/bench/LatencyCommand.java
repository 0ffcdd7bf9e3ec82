package io.edgepush.bench;

import io.edgepush.bench.report.Result;
import picocli.CommandLine.Command;

/** A light load, for what a deployment's latency is when it has nothing to wait for. */
@Command(
    name = "latency",
    description = "from publish to delivery under a light load: 1,000 deliveries a second")
final class LatencyCommand extends LoadCommand {
  LatencyCommand() {
    options.connections = 10;
  }

  @Override
  Result load() {
    return new FanoutRun("latency", options.plan(), output.progress()).run();
  }
}
