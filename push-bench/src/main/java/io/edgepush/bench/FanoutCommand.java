package io.edgepush.bench;

import io.edgepush.bench.report.Result;
import picocli.CommandLine.Command;

/** Many subscribers, events by a schedule. */
@Command(
    name = "fanout",
    description = "subscribers receive events that are published by a schedule")
final class FanoutCommand extends LoadCommand {
  @Override
  Result load() {
    return new FanoutRun("fanout", options.plan(), output.progress()).run();
  }
}
