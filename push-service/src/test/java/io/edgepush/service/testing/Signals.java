package io.edgepush.service.testing;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to processes that the JDK does not send. */
final class Signals {
  private Signals() {}

  /** Sends one, such as STOP. */
  static void send(String name, Process to) {
    try {
      int exit = new ProcessBuilder("kill", "-" + name, Long.toString(to.pid())).start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("kill -" + name + ": " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
