package io.edgepush.bench.report;

import java.io.PrintStream;

/** A line on a terminal that says how far a run is; nothing when it is not a terminal. */
public final class Progress {
  private static final int BAR = 24;
  private static final String CLEAR = "\r\u001b[K";

  private final PrintStream terminal;
  private final boolean shown;

  /**
   * A bar.
   *
   * @param terminal where it is written
   * @param shown whether that is a terminal
   */
  public Progress(PrintStream terminal, boolean shown) {
    this.terminal = terminal;
    this.shown = shown;
  }

  /** Draws it. */
  public void show(String what, double done, String detail) {
    if (shown) {
      int full = (int) Math.round(Math.clamp(done, 0, 1) * BAR);
      terminal.printf(
          "%s%-11s [%s%s] %s", CLEAR, what, "#".repeat(full), "·".repeat(BAR - full), detail);
      terminal.flush();
    }
  }

  /** Takes it away. */
  public void clear() {
    if (shown) {
      terminal.print(CLEAR);
      terminal.flush();
    }
  }
}
