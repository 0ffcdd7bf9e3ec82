package io.edgepush.wire;

import io.edgepush.model.Cursor;

/** Where a subscription begins. */
public sealed interface Start {
  /** At the present. */
  Start NOW = new Latest(0);

  /** The most events that {@link Latest} may ask for. */
  int MAX_REPLAY = 1_000;

  /**
   * Behind a cursor; topics of partitions that it does not name begin at the present.
   *
   * @param cursor not empty
   */
  record Behind(Cursor cursor) implements Start {}

  /**
   * With the newest retained events of each topic.
   *
   * @param count 0 to {@link #MAX_REPLAY}
   */
  record Latest(int count) implements Start {
    /** Checks the range. */
    public Latest {
      if (count < 0 || count > MAX_REPLAY) {
        throw new IllegalArgumentException("count");
      }
    }
  }
}
