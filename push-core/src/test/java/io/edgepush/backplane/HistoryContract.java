package io.edgepush.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.model.Event;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@link Backplane} promises of replays, retention and purges. */
public abstract class HistoryContract extends BackplaneFixture {
  private static final Topic ORDERS = new Topic("orders.42");
  private static final Topic OTHER = new Topic("chat:lobby");
  private static final Retention SHORT = new Retention(Duration.ofMillis(400), 1_000, 1 << 20);
  private static final Retention FEW = new Retention(Duration.ofMinutes(2), 10, 1 << 20);
  private static final Retention NONE = new Retention(Duration.ofMinutes(2), 0, 1 << 20);

  @Test
  void aReplayBringsTheEventsBehindAPositionOldestFirst() {
    Node node = node();
    List<Published> published = node.publishNumbers(ORDERS, 5);

    Replay replay = node.replay(ORDERS, position(published.get(1)));

    assertEquals(idsOf(published.subList(2, 5)), ids(replay.events()));
    assertEquals(Optional.empty(), replay.gap());
    assertEquals(position(published.getLast()), replay.upTo());
    assertFalse(replay.more());
  }

  @Test
  void aReplayFromBeforeTheFirstEventIsCompleteWhileAllAreRetained() {
    Node node = node();
    Position beginning = node.attach(ORDERS).head();
    List<Published> published = node.publishNumbers(ORDERS, 3);

    Replay replay = node.replay(ORDERS, beginning);

    assertEquals(idsOf(published), ids(replay.events()));
    assertEquals(Optional.empty(), replay.gap());
  }

  @Test
  void aReplayFromTheLastEventIsCompleteAndEmpty() {
    Node node = node();
    Position last = position(node.publishNumbers(ORDERS, 3).getLast());

    Replay replay = node.replay(ORDERS, last);

    assertEquals(List.of(), replay.events());
    assertEquals(Optional.empty(), replay.gap());
    assertEquals(last, replay.upTo());
  }

  @Test
  void aPositionOfAnotherTopicsEventServesAsWell() {
    Node node = node();
    node.publish(ORDERS, "1");
    Position between = position(node.publish(OTHER, "2"));
    Published behind = node.publish(ORDERS, "3");
    Position end = position(node.publish(OTHER, "4"));

    assertEquals(List.of(behind.id()), ids(node.replay(ORDERS, between).events()));
    assertEquals(Optional.empty(), node.replay(ORDERS, between).gap());
    assertEquals(Optional.empty(), node.replay(ORDERS, end).gap());
    assertEquals(end, node.replay(ORDERS, end).upTo());
  }

  @Test
  void aReplayIsReadInPagesThatFollowOneAnother() {
    Node node = node();
    Position after = node.attach(ORDERS).head();
    List<Published> published = node.publishNumbers(ORDERS, 7);
    List<Event> read = new ArrayList<>();
    List<Integer> pages = new ArrayList<>();

    Replay page;
    do {
      page = done(node.backplane().replay(ORDERS, after, 3));
      assertEquals(Optional.empty(), page.gap());
      read.addAll(page.events());
      pages.add(page.events().size());
      after = page.upTo();
    } while (page.more());

    assertEquals(List.of(3, 3, 1), pages);
    assertEquals(idsOf(published), ids(read));
  }

  @Test
  void aPageThatEndsWithTheLastEventSaysThatThereIsNoMore() {
    Node node = node();
    Position after = node.attach(ORDERS).head();
    node.publishNumbers(ORDERS, 3);

    assertFalse(done(node.backplane().replay(ORDERS, after, 3)).more());
    assertTrue(done(node.backplane().replay(ORDERS, after, 2)).more());
  }

  @Test
  void theLatestEventsComeOldestFirstAndComplete() {
    Node node = node();
    List<Published> published = node.publishNumbers(ORDERS, 5);
    node.publish(OTHER, "1");

    Replay latest = node.latest(ORDERS, 2);

    assertEquals(idsOf(published.subList(3, 5)), ids(latest.events()));
    assertEquals(Optional.empty(), latest.gap());
    assertFalse(latest.more());
    assertEquals(List.of(), node.replay(ORDERS, latest.upTo()).events());
    assertEquals(idsOf(published.subList(3, 5)), ids(node.replay(ORDERS, latest.after()).events()));
  }

  @Test
  void theLatestOfATopicWithoutEventsBeginAtTheHead() {
    Node node = node();
    Position head = position(node.publish(OTHER, "1"));

    Replay latest = node.latest(ORDERS, 2);

    assertEquals(head, latest.after());
    assertEquals(head, latest.upTo());
    assertEquals(List.of(), latest.events());
    assertEquals(Optional.empty(), latest.gap());
  }

  @Test
  void anUnknownEpochIsAGapAndThenEverythingRetained() {
    Node node = node();
    Position start = node.attach(ORDERS).last();
    List<Published> published = node.publishNumbers(ORDERS, 3);
    Position foreign = new Position("zz", 9_999_999_999_999L, 0);
    assertNotEquals(foreign.epoch(), start.epoch());

    Replay replay = node.replay(ORDERS, foreign);

    assertEquals(Optional.of(Gap.between(ORDERS, 0, foreign, start)), replay.gap());
    assertEquals(idsOf(published), ids(replay.events()));
    assertTrue(node.replay(OTHER, foreign).gap().isPresent(), "also of a topic without events");
  }

  @Test
  void aPositionOlderThanWhatIsRetainedByCountGetsAGapUpToTheFirstRetained() {
    Node node = node(1, FEW);
    List<Published> published = node.publishNumbers(ORDERS, 1_000);

    Replay replay = node.replay(ORDERS, position(published.getFirst()));

    int retained = replay.events().size();
    assertTrue(retained >= 10 && retained < 999, () -> "retained: " + retained);
    assertEquals(idsOf(published.subList(1_000 - retained, 1_000)), ids(replay.events()));
    assertEquals(ids(replay.events()), ids(node.latest(ORDERS, 1_000).events()));
    Position lost = position(published.get(999 - retained));
    assertEquals(
        Optional.of(Gap.between(ORDERS, 0, position(published.getFirst()), lost)), replay.gap());
    assertEquals(Optional.empty(), node.replay(ORDERS, lost).gap());
  }

  @Test
  void aPositionOlderThanWhatIsRetainedByAgeGetsAGap() {
    Node node = node(1, SHORT);
    List<Published> published = node.publishNumbers(ORDERS, 3);
    Position last = position(published.getLast());
    letPass(SHORT.age());

    Replay replay = node.replay(ORDERS, position(published.getFirst()));

    assertEquals(List.of(), replay.events());
    assertEquals(
        Optional.of(Gap.between(ORDERS, 0, position(published.getFirst()), last)), replay.gap());
    assertEquals(last, replay.upTo());
    assertEquals(
        Optional.empty(),
        node.replay(ORDERS, last).gap(),
        "nothing was lost behind the last event");
    assertEquals(0, node.state(ORDERS).retained());
  }

  @Test
  void theChainOfPredecessorsOutlivesTheEvents() {
    Node node = node(1, SHORT);
    Position last = position(node.publish(ORDERS, "1"));
    letPass(SHORT.age());

    Published next = node.publish(ORDERS, "2");

    assertEquals(last, node.replay(ORDERS, last).events().getFirst().prev());
    assertEquals(List.of(next.id()), ids(node.replay(ORDERS, last).events()));
  }

  @Test
  void aPurgeLeavesAGapBeforeTheLastEventAndNoneBehindIt() {
    Node node = node();
    List<Published> published = node.publishNumbers(ORDERS, 3);
    Position last = position(published.getLast());
    Published other = node.publish(OTHER, "1");

    TopicState purged = done(node.backplane().purge(ORDERS));

    assertEquals(new TopicState(ORDERS, published.getLast().id(), 0), purged);
    Replay early = node.replay(ORDERS, position(published.getFirst()));
    assertEquals(
        Optional.of(Gap.between(ORDERS, 0, position(published.getFirst()), last)), early.gap());
    assertEquals(List.of(), early.events());
    assertEquals(Optional.empty(), node.replay(ORDERS, last).gap());
    assertEquals(
        List.of(other.id()), ids(node.latest(OTHER, 9).events()), "other topics keep theirs");
  }

  @Test
  void afterAPurgeNewEventsAreReplayedAndGapsStay() {
    Node node = node();
    List<Published> published = node.publishNumbers(ORDERS, 3);
    Position last = position(published.getLast());
    done(node.backplane().purge(ORDERS));

    Published next = node.publish(ORDERS, "4");

    assertEquals(List.of(next.id()), ids(node.replay(ORDERS, last).events()));
    assertEquals(Optional.empty(), node.replay(ORDERS, last).gap());
    Replay early = node.replay(ORDERS, position(published.getFirst()));
    assertEquals(List.of(next.id()), ids(early.events()));
    assertEquals(
        Optional.of(Gap.between(ORDERS, 0, position(published.getFirst()), last)), early.gap());
  }

  @Test
  void aTopicThatKeepsNothingIsFannedOutAndLeavesAGap() {
    Node node = node(1, NONE);
    Position before = node.attach(ORDERS).head();

    Published published = node.publish(ORDERS, "1");

    node.heard().awaitEvent(published);
    Replay replay = node.replay(ORDERS, before);
    assertEquals(List.of(), replay.events());
    assertEquals(Optional.of(Gap.between(ORDERS, 0, before, position(published))), replay.gap());
    assertEquals(Optional.empty(), node.replay(ORDERS, position(published)).gap());
  }

  @Test
  void theStateTellsTheLastEventAndHowManyAreRetained() {
    Node node = node();
    Position start = node.attach(ORDERS).last();
    assertEquals(start, node.state(ORDERS).last().position());
    assertEquals(0, node.state(ORDERS).retained());

    Published last = node.publishNumbers(ORDERS, 3).getLast();
    node.publish(OTHER, "1");

    assertEquals(new TopicState(ORDERS, last.id(), 3), node.state(ORDERS));
  }

  @Test
  void anyNodeReplaysAndPurges() {
    Pair pair = pair();
    List<Published> published = pair.one().publishNumbers(ORDERS, 3);
    Position first = position(published.getFirst());

    assertEquals(idsOf(published.subList(1, 3)), ids(pair.other().replay(ORDERS, first).events()));
    assertEquals(pair.one().state(ORDERS), pair.other().state(ORDERS));

    done(pair.other().backplane().purge(ORDERS));
    assertTrue(pair.one().replay(ORDERS, first).gap().isPresent());
  }
}
