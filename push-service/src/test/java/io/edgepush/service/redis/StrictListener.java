package io.edgepush.service.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.backplane.Attached;
import io.edgepush.backplane.Backplane;
import io.edgepush.model.Event;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks each call against what was really published: every event once and in order, or in a gap
 * that was announced before anything behind it; no gap without a loss.
 */
final class StrictListener implements Backplane.Listener {
  private final SimulatedStore store;
  private final Map<Topic, Position> told = new HashMap<>();
  private final List<AssertionError> failures = new ArrayList<>();
  private Position greatest = Position.start("e1");
  private boolean ordered = true;
  private int events;

  StrictListener(SimulatedStore store) {
    this.store = store;
  }

  /**
   * From now on the order across topics is not checked: a message was lost that nothing told of.
   */
  void lostSilently() {
    ordered = false;
  }

  void attached(Attached attached) {
    check(
        () -> {
          assertOneEpoch(attached.head());
          assertTrue(!SimulatedStore.later(attached.last(), attached.head()));
          if (ordered) {
            assertTrue(!SimulatedStore.later(greatest, attached.head()), "delivered beyond it");
            assertNothingBetween(attached.topic(), attached.last(), attached.head());
            Position before = told.getOrDefault(attached.topic(), attached.head());
            assertNothingBetween(attached.topic(), before, attached.head());
          }
          greatest = attached.head();
          told.putIfAbsent(attached.topic(), attached.head());
        });
  }

  void detached(Topic topic) {
    told.remove(topic);
  }

  @Override
  public void onEvent(Event event) {
    check(
        () -> {
          Topic topic = event.topic();
          Position position = event.position();
          assertTrue(told.containsKey(topic), "not attached");
          assertEquals(
              position.toString(),
              new String(event.content().data(), java.nio.charset.StandardCharsets.UTF_8));
          assertTrue(
              SimulatedStore.later(position, told.get(topic)), "delivered twice or out of order");
          assertNothingBetween(topic, told.get(topic), position.before());
          assertOneEpoch(position);
          assertTrue(
              !ordered || SimulatedStore.later(position, greatest),
              "an earlier event of another topic came late");
          greatest = position;
          told.put(topic, position);
          events++;
        });
  }

  @Override
  public void onGap(Gap gap) {
    check(
        () -> {
          Position from = gap.from().position();
          Position to = gap.to().position();
          Position before = told.get(gap.topic());
          assertTrue(before != null, "not attached");
          assertTrue(!SimulatedStore.later(before, from), "what was told is told again as lost");
          assertNothingBetween(gap.topic(), before, from);
          assertTrue(SimulatedStore.later(to, from), "an empty gap");
          assertEquals(from.sameEpoch(to) ? Gap.Reason.RETENTION : Gap.Reason.EPOCH, gap.reason());
          assertTrue(
              gap.reason() == Gap.Reason.EPOCH || store.published(gap.topic(), from, to),
              "nothing was lost");
          told.put(gap.topic(), to);
        });
  }

  private void assertOneEpoch(Position position) {
    told.forEach(
        (topic, at) ->
            assertEquals(
                position.epoch(), at.epoch(), () -> topic + " was not told of the new epoch"));
  }

  private void assertNothingBetween(Topic topic, Position after, Position upTo) {
    assertTrue(
        !store.published(topic, after, upTo),
        () -> "lost without a word: " + topic + " " + after + " " + upTo);
  }

  /** Checks that nothing is missing. */
  void assertComplete() {
    failures.forEach(
        f -> {
          throw f;
        });
    told.forEach((topic, at) -> assertNothingBetween(topic, at, store.head()));
  }

  int events() {
    return events;
  }

  // The feed survives a listener that throws, so failures are kept for later.
  private void check(Runnable assertion) {
    try {
      assertion.run();
    } catch (AssertionError e) {
      failures.add(e);
    }
  }
}
