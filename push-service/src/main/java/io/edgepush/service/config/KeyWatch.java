package io.edgepush.service.config;

import io.edgepush.service.access.PublisherKey;
import io.edgepush.service.access.TokenKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Reads the keys of a configuration file again when the file has changed. What is wrong in it is
 * logged, and the keys stay as they were. For one thread; blocks on the file.
 */
public final class KeyWatch {
  private static final System.Logger LOG = System.getLogger(KeyWatch.class.getName());

  private final Path path;
  private final BiConsumer<List<PublisherKey>, List<TokenKey>> apply;
  private byte[] before;

  /**
   * A watch on a file that was read a moment ago.
   *
   * @param apply takes the keys; what it throws refuses them
   */
  public KeyWatch(Path path, BiConsumer<List<PublisherKey>, List<TokenKey>> apply) {
    this.path = path;
    this.apply = apply;
    this.before = content();
  }

  /** Looks once. */
  public void look() {
    byte[] now = content();
    if (now.length == 0 || Arrays.equals(before, now)) {
      return;
    }
    before = now;
    try {
      AccessEntries entries = new AccessEntries(new ConfigFile(path));
      List<PublisherKey> publishers = entries.publisherKeys();
      List<TokenKey> tokens = entries.tokenKeys();
      if (publishers.isEmpty() && tokens.isEmpty()) {
        throw new ConfigurationException(path + ": there is no key in it");
      }
      apply.accept(publishers, tokens);
      LOG.log(
          System.Logger.Level.INFO,
          "keys were read again: {0} publisher keys, {1} token keys",
          publishers.size(),
          tokens.size());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "the keys stay as they were: {0}", e.getMessage());
    }
  }

  /** Empty when it can not be read, as in the moment when it is replaced. */
  private byte[] content() {
    try {
      return Files.readAllBytes(path);
    } catch (IOException _) {
      return new byte[0];
    }
  }
}
