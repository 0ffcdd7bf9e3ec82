package io.edgepush.bench;

import io.edgepush.bench.report.HtmlReport;
import io.edgepush.bench.report.JsonReport;
import io.edgepush.bench.report.Progress;
import io.edgepush.bench.report.Result;
import io.edgepush.bench.report.TextReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where results go. */
final class Output {
  @Option(names = "--json", paramLabel = "FILE", description = "the result for programs")
  Optional<Path> json = Optional.empty();

  @Option(names = "--html", paramLabel = "FILE", description = "the result as a page with plots")
  Optional<Path> html = Optional.empty();

  /** On standard error, where it is a terminal: the script that starts this knows. */
  Progress progress() {
    return new Progress(System.err, Boolean.getBoolean("edgepush.bench.terminal"));
  }

  /** Writes the result everywhere; returns the exit code: 1 when there are faults. */
  int write(Result result, PrintWriter out) {
    out.print(TextReport.of(result));
    out.flush();
    try {
      if (json.isPresent()) {
        Files.writeString(json.get(), JsonReport.of(result));
      }
      if (html.isPresent()) {
        Files.writeString(html.get(), HtmlReport.of(result));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return result.faults().isEmpty() ? 0 : 1;
  }
}
