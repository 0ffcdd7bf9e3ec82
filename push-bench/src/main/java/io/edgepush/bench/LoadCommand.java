package io.edgepush.bench;

import io.edgepush.bench.report.Result;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that runs a load and reports it. Exit codes: 0 all is well, 1 faults, 2 usage. */
abstract class LoadCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Mixin final Options options = new Options();
  @Mixin final Output output = new Output();

  /** Runs it. */
  abstract Result load();

  @Override
  public final Integer call() {
    try {
      return output.write(load(), spec.commandLine().getOut());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    } finally {
      output.progress().clear();
    }
  }

  final CommandLine commandLine() {
    return spec.commandLine();
  }
}
