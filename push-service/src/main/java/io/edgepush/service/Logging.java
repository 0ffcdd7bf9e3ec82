package io.edgepush.service;

import java.io.IOException;
import java.io.InputStream;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Logging by the JDK. */
final class Logging {
  private Logging() {}

  /**
   * Configures logging, before anything is logged. A file of the operator's own goes before ours.
   */
  static void configure() throws IOException {
    if (System.getProperty("java.util.logging.config.file") == null) {
      try (InputStream in = Logging.class.getResourceAsStream("/logging.properties")) {
        LogManager.getLogManager().readConfiguration(in);
      }
    }
    Logger.getLogger("").getHandlers(); // made when first asked for, which takes a while
  }
}
