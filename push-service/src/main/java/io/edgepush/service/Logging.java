package io.edgepush.service;

import java.io.IOException;
import java.io.InputStream;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Logging by the JDK, which goes on while the node drains. */
public final class Logging {
  private static final String MANAGER = "java.util.logging.manager";

  private Logging() {}

  /**
   * Configures logging, before anything is logged. A file of the operator's own goes before ours.
   */
  static void configure() throws IOException {
    if (System.getProperty(MANAGER) == null) {
      System.setProperty(MANAGER, Manager.class.getName());
    }
    LogManager manager = LogManager.getLogManager();
    if (System.getProperty("java.util.logging.config.file") == null) {
      try (InputStream in = Logging.class.getResourceAsStream("/logging.properties")) {
        manager.readConfiguration(in);
      }
    }
    Logger.getLogger("")
        .getHandlers(); // made when first asked for, and not any more once the process ends
    if (manager instanceof Manager ours) {
      ours.kept = true;
    }
  }

  /**
   * Keeps its handlers. The JDK's own closes them as soon as the process is told to stop, when a
   * node that drains has most to say. Made by the JDK.
   */
  public static final class Manager extends LogManager {
    private volatile boolean kept;

    /** For the JDK. */
    public Manager() {}

    @Override
    public void reset() {
      if (!kept) {
        super.reset();
      }
    }
  }
}
