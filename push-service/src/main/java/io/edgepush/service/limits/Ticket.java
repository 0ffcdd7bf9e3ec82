package io.edgepush.service.limits;

import java.util.concurrent.atomic.AtomicBoolean;

/** What an open connection takes up; given back once. Safe for any thread. */
public final class Ticket implements AutoCloseable {
  /** Takes up nothing. */
  public static final Ticket NONE = new Ticket(() -> {});

  private final Runnable giveBack;
  private final AtomicBoolean given = new AtomicBoolean();

  Ticket(Runnable giveBack) {
    this.giveBack = giveBack;
  }

  /** Both. */
  public Ticket and(Ticket other) {
    if (this == NONE) {
      return other;
    }
    return other == NONE
        ? this
        : new Ticket(
            () -> {
              close();
              other.close();
            });
  }

  @Override
  public void close() {
    if (given.compareAndSet(false, true)) {
      giveBack.run();
    }
  }
}
