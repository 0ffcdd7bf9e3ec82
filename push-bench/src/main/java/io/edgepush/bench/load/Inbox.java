package io.edgepush.bench.load;

import java.nio.charset.StandardCharsets;

/**
 * What a connection's messages mean, wherever they came from: the parsers call it with offsets into
 * the bytes that were read, and nothing is copied but ids. For the selector's thread.
 */
final class Inbox {
  private static final int LONGEST_TROUBLE = 200;

  private final Ledger ledger;
  private final Counts counts;
  private final boolean measured;
  private final boolean follows;
  private final Trail trail = new Trail();
  private boolean subscribed;

  /**
   * An empty one.
   *
   * @param measured whether the latency of its events is recorded
   * @param follows whether the cursor is wanted
   */
  Inbox(Ledger ledger, Counts counts, boolean measured, boolean follows) {
    this.ledger = ledger;
    this.counts = counts;
    this.measured = measured;
    this.follows = follows;
  }

  Ledger ledger() {
    return ledger;
  }

  /** A message that carries one event. */
  void event(byte[] b, int from, int to) {
    int at = to - counts.markFromEnd;
    if (at < from || !Mark.isAt(b, at, to)) {
      at = Mark.find(b, from, to);
      if (at < 0) {
        counts.foreign++;
        return;
      }
      counts.markFromEnd = to - at;
    }
    mark(b, at);
  }

  /** An event's mark. */
  void mark(byte[] b, int at) {
    ledger.received(Mark.topic(b, at), Mark.lane(b, at), Mark.seq(b, at), counts);
    if (measured) {
      counts.latency().recordValue(Counts.bounded(counts.now - Mark.micros(b, at)));
    }
  }

  /** The id of an event. */
  void id(byte[] b, int from, int to) {
    if (follows) {
      trail.id(b, from, to);
    }
  }

  /** A cursor of several ids. */
  void cursor(byte[] b, int from, int to) {
    if (follows) {
      trail.cursor(b, from, to);
    }
  }

  boolean follows() {
    return follows;
  }

  String cursor() {
    return trail.text();
  }

  /** All topics are live. */
  void subscribed() {
    subscribed = true;
  }

  boolean isSubscribed() {
    return subscribed;
  }

  /** The connection begins anew; the ledger and the cursor go on. */
  void reconnecting() {
    subscribed = false;
  }

  void gap() {
    counts.gaps++;
  }

  /** The service refused something, or says why it ends the connection. */
  void trouble(byte[] b, int from, int to) {
    int length = Math.min(to - from, LONGEST_TROUBLE);
    counts.trouble(new String(b, from, length, StandardCharsets.UTF_8).strip());
  }
}
