package io.edgepush.bench;

import io.edgepush.bench.report.Result;
import picocli.CommandLine.Command;

/** How much can be published. */
@Command(
    name = "publish",
    description = "events that nobody subscribes, as many as are answered or by --rate")
final class PublishCommand extends LoadCommand {
  PublishCommand() {
    options.connections = 0;
    options.rate = 0;
    options.topics = 100;
    options.publishers = 32;
  }

  @Override
  Result load() {
    return new FanoutRun("publish", options.plan(), output.progress()).run();
  }
}
