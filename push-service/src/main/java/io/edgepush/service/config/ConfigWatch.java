package io.edgepush.service.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads the configuration again when the content of its file has changed. It is polled, because a
 * file that a container mounts is replaced by renaming links around it, of which neither a watch on
 * the file nor a signal tells. For one thread.
 */
public final class ConfigWatch implements Runnable {
  private static final System.Logger LOG = System.getLogger(ConfigWatch.class.getName());

  private final Path file;
  private final Supplier<ServiceConfig> reader;
  private final Consumer<ServiceConfig> changed;
  private final LongAdder reloads = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private byte[] content;

  /**
   * A watch.
   *
   * @param reader reads and checks everything
   * @param changed takes a configuration that is right
   */
  public ConfigWatch(Path file, Supplier<ServiceConfig> reader, Consumer<ServiceConfig> changed) {
    this.file = file;
    this.reader = reader;
    this.changed = changed;
    this.content = content();
  }

  /** How often a change was taken over. */
  public LongAdder reloads() {
    return reloads;
  }

  /** How often a change was wrong, so that what was read before still holds. */
  public LongAdder refused() {
    return refused;
  }

  /** Looks once. Reads the file. */
  @Override
  public void run() {
    byte[] now = content();
    if (now.length == 0 || Arrays.equals(now, content)) {
      return;
    }
    content = now;
    try {
      changed.accept(reader.get());
      reloads.increment();
      LOG.log(System.Logger.Level.INFO, "the configuration has changed and was taken over");
    } catch (RuntimeException e) {
      refused.increment();
      LOG.log(
          System.Logger.Level.WARNING,
          "the configuration has changed but is wrong; what was read before holds: {0}",
          e.getMessage());
    }
  }

  private byte[] content() {
    try {
      return Files.readAllBytes(file);
    } catch (IOException _) {
      return new byte[0]; // it is being replaced, or gone: what was read before holds
    }
  }
}
