package io.edgepush.bench;

import io.edgepush.bench.baseline.BaselineServer;
import io.edgepush.bench.baseline.ServerChild;
import io.edgepush.bench.report.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The same load on the bare broadcast server. */
@Command(
    name = "baseline",
    description =
        "a fanout against a bare broadcast server of its own, in a process that it starts: what the machine can do")
final class BaselineCommand extends LoadCommand {
  @Option(
      names = "--serve",
      paramLabel = "PORT",
      description = "only serve, for other tools; 0 for any port that is free")
  private Optional<Integer> serve = Optional.empty();

  @Override
  Result load() {
    if (serve.isPresent()) {
      serve(serve.get());
    }
    try (ServerChild server = ServerChild.baseline(List.of())) {
      return new FanoutRun(
              "baseline", options.plan().onBaseline(server.target()), output.progress())
          .run();
    }
  }

  private void serve(int port) {
    try (BaselineServer server = new BaselineServer(port)) {
      commandLine().getOut().println("port " + server.port());
      commandLine().getOut().flush();
      server.serve();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
