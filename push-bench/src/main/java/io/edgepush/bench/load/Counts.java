package io.edgepush.bench.load;

import org.HdrHistogram.SingleWriterRecorder;

/**
 * What one selector thread has counted. The thread writes plainly and publishes once a round; other
 * threads read after {@link #published()}, or take interval histograms from the recorders at any
 * time.
 */
public final class Counts {
  /** The longest time that is recorded: ten minutes, in microseconds. */
  public static final long MAX_MICROS = 600_000_000L;

  long received;
  long duplicates;
  long late;
  long foreign;
  long gaps;
  long bytes;
  long ready;
  long ended;
  long refused;
  String firstTrouble = "";

  /** When the bytes that are being read arrived, by {@link Ticks}. */
  long now;

  /** How far before the end of a message the last mark was found: it mostly is there again. */
  int markFromEnd;

  private final SingleWriterRecorder latency = new SingleWriterRecorder(1, MAX_MICROS, 3);
  private final SingleWriterRecorder readiness = new SingleWriterRecorder(1, MAX_MICROS, 3);
  private volatile Snapshot published = new Snapshot(0, 0, 0, 0, 0, 0, 0, 0, 0, "");

  /** Time from when an event was meant to be sent until it was read, in microseconds. */
  public SingleWriterRecorder latency() {
    return latency;
  }

  /** Time from when a connection was meant to begin until it was subscribed, in microseconds. */
  public SingleWriterRecorder readiness() {
    return readiness;
  }

  /** The counts as of the last round. */
  public Snapshot published() {
    return published;
  }

  void trouble(String what) {
    if (firstTrouble.isEmpty()) {
      firstTrouble = what;
    }
  }

  void publish() {
    published =
        new Snapshot(
            received, duplicates, late, foreign, gaps, bytes, ready, ended, refused, firstTrouble);
  }

  static long bounded(long micros) {
    return Math.clamp(micros, 0, MAX_MICROS);
  }

  /**
   * Counts at a moment.
   *
   * @param received events, duplicates not among them
   * @param duplicates events that had come before
   * @param late events that came behind a later one of their topic and lane
   * @param foreign events that were not subscribed or not of this run
   * @param gaps messages in which the service says that something could not be replayed
   * @param bytes read from sockets
   * @param ready connections that are subscribed
   * @param ended connections that the other side ended
   * @param refused connections that never were subscribed
   * @param firstTrouble what the first of them was told; empty when there was none
   */
  public record Snapshot(
      long received,
      long duplicates,
      long late,
      long foreign,
      long gaps,
      long bytes,
      long ready,
      long ended,
      long refused,
      String firstTrouble) {
    /** Both together. */
    public Snapshot plus(Snapshot other) {
      return new Snapshot(
          received + other.received,
          duplicates + other.duplicates,
          late + other.late,
          foreign + other.foreign,
          gaps + other.gaps,
          bytes + other.bytes,
          ready + other.ready,
          ended + other.ended,
          refused + other.refused,
          firstTrouble.isEmpty() ? other.firstTrouble : firstTrouble);
    }
  }
}
