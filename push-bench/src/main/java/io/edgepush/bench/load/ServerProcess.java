package io.edgepush.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A server's process on this machine, as Linux accounts for it.
 *
 * @param pid its number
 */
public record ServerProcess(long pid) {
  private static final long MICROS_PER_TICK = 10_000;
  private static final int USER_TICKS = 11;
  private static final int GC_SECONDS = 60;

  /**
   * Checks that it is there.
   *
   * @throws IllegalArgumentException when there is no such process, or this is not Linux
   */
  public ServerProcess {
    if (!Files.isReadable(Path.of("/proc", Long.toString(pid), "stat"))) {
      throw new IllegalArgumentException("--pid " + pid + ": there is no such process in /proc");
    }
  }

  /** CPU time that it has used, user and system, in microseconds, in steps of 10,000. */
  public long cpuMicros() {
    String stat = read("stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1]))
        * MICROS_PER_TICK;
  }

  /** Memory that it occupies, in KiB. */
  public long rssKib() {
    return read("status")
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  /** Has a Java process collect its garbage, by the {@code jcmd} of this JDK. Blocks. */
  public void collectGarbage() {
    try {
      Process jcmd =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(pid),
                  "GC.run")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!jcmd.waitFor(GC_SECONDS, TimeUnit.SECONDS) || jcmd.exitValue() != 0) {
        throw new IllegalArgumentException("--gc: jcmd " + pid + " GC.run failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), file));
    } catch (IOException e) {
      throw new UncheckedIOException("the process " + pid + " is gone", e);
    }
  }
}
