package io.edgepush.service.redis;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** When a {@link PartitionFeed} does again what failed, stalled or has to be done now and then. */
final class FeedTimes {
  private static final long REFRESH = Duration.ofHours(6).toNanos();
  private static final long STALLED = Duration.ofSeconds(5).toNanos();
  private static final long RETRY = Duration.ofMillis(250).toNanos();

  private long now;
  private boolean retry;
  private long retryAt;
  private long progressAt;
  private long refreshAt;

  FeedTimes(long now) {
    this.now = now;
    refreshAt = nextRefresh();
  }

  /** Time went on. */
  void tick(long time) {
    now = time;
  }

  /** A round begins: what failed before does not matter any more. */
  void begin() {
    retry = false;
    progressAt = now;
  }

  /** The round goes on. */
  void progress() {
    progressAt = now;
  }

  /** The round failed, and is to be begun again a little later. */
  void retryLater() {
    if (!retry) {
      retry = true;
      retryAt = now + RETRY;
    }
  }

  /** Whether the round failed. */
  boolean failed() {
    return retry;
  }

  boolean retryDue() {
    return retry && now - retryAt >= 0;
  }

  /** Whether the round did not go on for too long; counts from now on if so. */
  boolean stalled() {
    boolean stalled = now - progressAt > STALLED;
    if (stalled) {
      progressAt = now;
    }
    return stalled;
  }

  /**
   * Whether attached topics are to be marked, so that their last positions are never forgotten; not
   * for hours then.
   */
  boolean refreshDue() {
    boolean due = now - refreshAt >= 0;
    if (due) {
      refreshAt = nextRefresh();
    }
    return due;
  }

  private long nextRefresh() {
    return now + REFRESH - ThreadLocalRandom.current().nextLong(REFRESH / 4);
  }
}
