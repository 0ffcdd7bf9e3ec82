package io.edgepush.bench;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point: {@code ./bench COMMAND}. */
@Command(
    name = "bench",
    description =
        "A load generator for Edgepush deployments. It speaks plain ws:// and http://, no TLS.%n"
            + "Sequence numbers in the events tell losses, duplicates and disorder for each connection and topic;%n"
            + "latency counts from when an event was meant to be sent, so that waiting is not left out.%n"
            + "Exit codes: 0 all arrived once and in order, 1 it did not, 2 usage.",
    subcommands = {
      ConnectCommand.class,
      FanoutCommand.class,
      LatencyCommand.class,
      PublishCommand.class,
      StormCommand.class,
      SoakCommand.class,
      SweepCommand.class,
      BaselineCommand.class,
      CompareCommand.class,
      MicroCommand.class
    })
public final class Main {
  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    if (arguments.length == 0) {
      commandLine().usage(System.out);
      System.exit(2);
    }
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    System.exit(commandLine().setOut(out).execute(arguments));
  }

  /** The commands. */
  static CommandLine commandLine() {
    CommandLine commands =
        new CommandLine(new Main())
            .registerConverter(Duration.class, new Times())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpLongOptionsMaxWidth(34)
            .setUsageHelpWidth(130);
    commands.getSubcommands().values().forEach(Main::withHelp);
    return withHelp(commands);
  }

  private static CommandLine withHelp(CommandLine command) {
    if (!(command.getCommand() instanceof MicroCommand)) {
      command.getCommandSpec().mixinStandardHelpOptions(true);
    }
    return command;
  }
}
