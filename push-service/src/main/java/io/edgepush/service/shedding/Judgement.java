package io.edgepush.service.shedding;

/**
 * What is shed, and since when there is reason to change it: the state of load shedding, which goes
 * from one look at the load to the next by a pure function. It moves one step at a time, and
 * between two moves there is at least {@link Marks#patience}, so that it does not flap; but a full
 * heap has new connections refused at once.
 *
 * @param step what is shed
 * @param trend which way the load would have it
 * @param sinceNanos since when
 */
public record Judgement(Step step, Trend trend, long sinceNanos) {
  /** Which way it goes. */
  public enum Trend {
    /** There is more than this step can help. */
    UP,
    /** Neither. */
    STEADY,
    /** There is less than what calls for this step. */
    DOWN
  }

  /** Nothing is shed. */
  public static Judgement begin(long nowNanos) {
    return new Judgement(Step.NONE, Trend.STEADY, nowNanos);
  }

  /** The judgement after one more look. */
  public Judgement next(Load load, Marks marks, long nowNanos) {
    if (step == Step.NONE && marks.isHeapFull(load)) {
      return new Judgement(Step.CONNECTIONS, Trend.STEADY, nowNanos);
    }
    Trend now = trend(load, marks);
    if (now != trend) {
      return new Judgement(step, now, nowNanos);
    }
    if (now == Trend.STEADY || nowNanos - sinceNanos < marks.patience().toNanos()) {
      return this;
    }
    return new Judgement(now == Trend.UP ? step.next() : step.previous(), now, nowNanos);
  }

  private Trend trend(Load load, Marks marks) {
    if (step.compareTo(marks.calledFor(load)) < 0) {
      return Trend.UP;
    }
    return step.compareTo(marks.heldBy(load)) > 0 ? Trend.DOWN : Trend.STEADY;
  }
}
