package io.edgepush.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Looks for secrets in all that is logged while any test of any module runs, stack traces included,
 * and fails the class of tests during which one was. JUnit finds it by itself.
 */
public final class SecretsWatch implements BeforeAllCallback, AfterAllCallback {
  private static final Logger ROOT = Logger.getLogger("");
  private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();
  private static final Handler WATCH = new Watch();

  @Override
  public void beforeAll(ExtensionContext context) {
    begin();
  }

  /** Looks from now on: for tests of other engines than JUnit's own. */
  public static void begin() {
    if (!Arrays.asList(ROOT.getHandlers()).contains(WATCH)) {
      ROOT.addHandler(WATCH);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    requireNothingFound();
  }

  /** Fails when a secret was logged since it was called before. */
  public static void requireNothingFound() {
    List<String> found = new ArrayList<>();
    for (String line = FOUND.poll(); line != null; line = FOUND.poll()) {
      found.add(line);
    }
    if (!found.isEmpty()) {
      throw new AssertionError("secrets were logged: " + found);
    }
  }

  private static final class Watch extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    Watch() {
      setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord line) {
      String written = formatter.format(line);
      if (Secrets.in(written)) {
        FOUND.add(written);
      }
    }

    @Override
    public void flush() {
      // nothing is held back
    }

    @Override
    public void close() {
      // nothing is held
    }
  }
}
