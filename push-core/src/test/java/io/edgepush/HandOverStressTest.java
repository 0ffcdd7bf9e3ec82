package io.edgepush;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Runs the jcstress tests: what threads hand over without a lock is tried in millions of
 * interleavings, interpreted and compiled. {@code -Dlong=true} tries all compilers against each
 * other, for minutes.
 */
class HandOverStressTest {
  /** Each has two actors: a machine with two processors runs them all. */
  private static final int TESTS = 8;

  private static final Pattern RESULTS =
      Pattern.compile(
          "\\(Results: (\\d+) planned; (\\d+) passed, 0 failed, 0 soft errs, 0 hard errs\\)");

  private static final long HANG_MINUTES = 30;

  @Test
  void nothingIsLostOrDoubledBetweenPublisherDrainerAndSelector() throws Exception {
    Path report = Path.of("target", "jcstress");
    Files.createDirectories(report);
    Path out = report.resolve("out.txt");
    Process jcstress =
        new ProcessBuilder(command())
            .directory(report.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      assertTrue(jcstress.waitFor(HANG_MINUTES, TimeUnit.MINUTES), "jcstress does not end");
      assertEquals(0, jcstress.exitValue(), () -> read(out));
      assertEveryTestRan(read(out));
    } finally {
      jcstress.destroyForcibly();
    }
  }

  /**
   * A test that the annotation processor has lost, or that found no processors, would pass unseen.
   */
  private static void assertEveryTestRan(String out) {
    MatchResult last = RESULTS.matcher(out).results().reduce((_, next) -> next).orElseThrow();
    assertEquals(last.group(1), last.group(2), out);
    int planned = Integer.parseInt(last.group(1));
    assertTrue(planned >= TESTS && planned % TESTS == 0, () -> planned + " runs\n" + out);
  }

  private static List<String> command() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        new ArrayList<>(
            List.of(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-r",
                "report",
                "-c",
                "2",
                "-t",
                "io.edgepush"));
    if (!Boolean.getBoolean("long")) {
      command.addAll(
          List.of(
              "-jvmArgs",
              "-XX:+UseCompactObjectHeaders",
              "-sc",
              "false",
              "-f",
              "1",
              "-iters",
              "2",
              "-time",
              "200"));
    }
    return command;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
