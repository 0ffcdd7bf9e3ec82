package io.edgepush.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** The micro-benchmarks of the core. */
@Command(
    name = "micro",
    description =
        "JMH micro-benchmarks of the core; all arguments go to JMH, -h lists them: ./bench micro Encode -f 1")
final class MicroCommand implements Callable<Integer> {
  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
    return 0;
  }
}
