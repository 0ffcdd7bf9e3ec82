package io.edgepush.service.faults;

import io.edgepush.model.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/** Publishers with a steady rate together and random bursts, each with topics of its own. */
final class Press implements AutoCloseable {
  private static final int LANES = 4;

  private final List<PressLane> lanes = new ArrayList<>();
  private final Queue<PressLane.Answer> answers = new ConcurrentLinkedQueue<>();

  /**
   * Does not publish yet.
   *
   * @param perSecond events, of all lanes together
   */
  Press(Ledger ledger, List<Topic> topics, Nodes nodes, int perSecond, long seed) {
    for (int i = 0; i < LANES; i++) {
      int lane = i;
      List<Topic> mine =
          IntStream.range(0, topics.size())
              .filter(t -> t % LANES == lane)
              .mapToObj(topics::get)
              .toList();
      PressLane.Pace pace = new PressLane.Pace((double) perSecond / LANES, new Random(seed + lane));
      lanes.add(new PressLane(ledger, mine, nodes, lane, pace, answers::add));
    }
  }

  Press start() {
    lanes.forEach(PressLane::start);
    return this;
  }

  /** Ends in order: what is under way is stored, and a last event of each topic. */
  void finish() {
    lanes.forEach(PressLane::finish);
    lanes.forEach(PressLane::join);
  }

  /** What publishers were answered when not everything was stored, in order. */
  List<PressLane.Answer> answers() {
    return List.copyOf(answers);
  }

  int lanes() {
    return LANES;
  }

  @Override
  public void close() {
    lanes.forEach(PressLane::stop);
    lanes.forEach(PressLane::join);
  }
}
