package io.edgepush.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.model.Content;
import io.edgepush.model.EventId;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryBackplaneTest extends BackplaneContract {
  private static final Topic ORDERS = new Topic("orders.42");
  private static final Topic OTHER = new Topic("chat:lobby");
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration MOMENT = Duration.ofMillis(1);

  private final ManualClock clock = new ManualClock();

  @Override
  protected List<Backplane> nodes(int count, int partitions, Function<Topic, Retention> retention) {
    return IntStream.range(0, count)
        .mapToObj(i -> (Backplane) new MemoryBackplane(partitions, retention, clock))
        .toList();
  }

  @Override
  protected boolean shared() {
    return false;
  }

  @Override
  protected void letPass(Duration age) {
    clock.advance(age);
  }

  @Test
  void everyStageIsCompleteWhenItIsReturned() {
    Node node = node();
    CompletionStage<Published> published =
        node.backplane().publish(List.of(publication(ORDERS, "1"))).getFirst();

    assertTrue(published.toCompletableFuture().isDone());
    assertTrue(node.backplane().attach(ORDERS).toCompletableFuture().isDone());
  }

  @Test
  void theListenerHeardAnEventBeforeItsPublisherIsAnswered() {
    Node node = node();
    node.attach(ORDERS);

    assertTrue(node.heard().heard(node.publish(ORDERS, "1")));
  }

  @Test
  void eachStoreAndPartitionHasAnEpochOfSixCharacters() {
    Topic elsewhere =
        IntStream.iterate(0, i -> i + 1)
            .mapToObj(i -> new Topic("topic." + i))
            .filter(topic -> topic.partition(2) != ORDERS.partition(2))
            .findFirst()
            .orElseThrow();
    Node node = node(2, Retention.DEFAULT);

    String epoch = node.attach(ORDERS).head().epoch();

    assertEquals(6, epoch.length());
    assertNotEquals(epoch, node.attach(elsewhere).head().epoch());
    assertNotEquals(epoch, node().attach(ORDERS).head().epoch());
  }

  @Test
  void aClockThatGoesBackDoesNotTakePositionsBack() {
    Node node = node();
    Position first = position(node.publish(ORDERS, "1"));
    assertEquals(ManualClock.BEGIN_MS, first.ms());
    clock.advance(Duration.ofMinutes(-10));

    Position second = position(node.publish(ORDERS, "2"));

    assertEquals(new Position(first.epoch(), first.ms(), 1), second);
  }

  @Test
  void aClockThatJumpsAnHourEitherWayKeepsTheOrderAndWhatIsRetained() {
    Node node = node();
    Position begin = node.attach(ORDERS).head();
    Published before = node.publish(ORDERS, "1");
    clock.advance(Duration.ofHours(1));
    Published ahead = node.publish(ORDERS, "2");
    clock.advance(Duration.ofHours(-2));
    Published behind = node.publish(ORDERS, "3");

    assertTrue(position(ahead).isAfter(position(before)));
    assertTrue(position(behind).isAfter(position(ahead)));
    Replay replay = node.replay(ORDERS, begin);
    assertEquals(
        List.of(ahead.id(), behind.id()), replay.events().stream().map(e -> e.id()).toList());
    assertEquals(
        Gap.Reason.RETENTION, replay.gap().orElseThrow().reason(), "an hour is past retention");
    assertFalse(node.replay(ORDERS, position(ahead)).gap().isPresent());
  }

  @Test
  void aKeyGivenByAPublisherLivesFiveMinutes() {
    assertLifetime(keyed(ORDERS, "k", "1"), Duration.ofMinutes(5));
  }

  @Test
  void aKeyMadeForAPublisherLivesThirtySeconds() {
    assertLifetime(publication(ORDERS, "1"), Duration.ofSeconds(30));
  }

  private void assertLifetime(Publication publication, Duration lifetime) {
    Node node = node();
    Published first = node.publish(publication);

    clock.advance(lifetime.minus(MOMENT));
    assertEquals(new Published(first.id(), true), node.publish(publication));

    clock.advance(MOMENT);
    Published again = node.publish(publication);
    assertFalse(again.duplicate());
    assertEquals(new Published(again.id(), true), node.publish(publication));
  }

  @Test
  void madeKeysAreBoundedAndGivenOnesOutliveThem() {
    Node node = node(1, new Retention(Duration.ZERO, 0, 0));
    Publication given = keyed(ORDERS, "k", "1");
    Publication made = publication(ORDERS, "1");
    Published first = node.publish(given);
    node.publish(made);

    node.publishNumbers(ORDERS, 1 << 15);

    assertFalse(node.publish(made).duplicate());
    assertEquals(new Published(first.id(), true), node.publish(given));
  }

  @Test
  void theBoundInBytesDropsTheOldest() {
    Node node = node(1, new Retention(Duration.ofMinutes(2), 1_000, 100));
    Position start = node.attach(ORDERS).last();
    node.publish(bytes(40));
    Published second = node.publish(bytes(60));
    assertEquals(2, node.state(ORDERS).retained());

    Published third = node.publish(bytes(1));

    assertEquals(List.of(second.id(), third.id()), ids(node.replay(ORDERS, start).events()));
    node.publish(bytes(101));
    assertEquals(
        0, node.state(ORDERS).retained(), "an event over the bound is not retained at all");
  }

  private static Publication bytes(int size) {
    return new Publication(ORDERS, Content.json(new byte[size]), "key of " + size + " bytes", true);
  }

  @Test
  void anEventIsRetainedUntilItsAgeIsReached() {
    Node node = node();
    node.publish(ORDERS, "1");

    clock.advance(Retention.DEFAULT.age().minus(MOMENT));
    assertEquals(1, node.state(ORDERS).retained());

    clock.advance(MOMENT);
    assertEquals(0, node.state(ORDERS).retained());
    assertEquals(List.of(), node.latest(ORDERS, 1).events());
  }

  @Test
  void theRetentionOfTheNewestPublishHolds() {
    Retention[] retention = {Retention.DEFAULT};
    Backplane backplane = new MemoryBackplane(1, topic -> retention[0], clock);
    backplane.start(new Recorder());
    Node node = new Node(backplane, new Recorder());
    node.publishNumbers(ORDERS, 5);
    retention[0] = new Retention(Duration.ofMinutes(2), 2, 100);

    node.publish(ORDERS, "6");

    assertEquals(2, node.state(ORDERS).retained());
  }

  @Test
  void theLastPositionIsKnownExactlyForADayAfterTheLastEvent() {
    Node node = node();
    Published first = node.publish(ORDERS, "1");
    Published last = node.publish(ORDERS, "2");
    clock.advance(DAY);
    node.publishNumbers(OTHER, 10);

    assertEquals(last.id(), node.state(ORDERS).last());
    assertEquals(position(last), node.attach(ORDERS).last());
    Gap gap = Gap.between(ORDERS, 0, position(first), position(last));
    assertEquals(Optional.of(gap), node.replay(ORDERS, position(first)).gap());
    assertEquals(Optional.empty(), node.replay(ORDERS, position(last)).gap());
  }

  @Test
  void afterADayAPositionThatLongAgoStandsInForTheLastOne() {
    Node node = node();
    Position last = position(node.publish(ORDERS, "1"));
    clock.advance(DAY.plus(MOMENT).plus(MOMENT));
    node.publishNumbers(OTHER, 10);
    Position bound = new Position(last.epoch(), clock.millis() - DAY.toMillis(), 0);

    assertEquals(bound, node.attach(ORDERS).last());
    assertEquals(new TopicState(ORDERS, new EventId(0, bound), 0), node.state(ORDERS));
    assertEquals(Optional.of(Gap.between(ORDERS, 0, last, bound)), node.replay(ORDERS, last).gap());
    assertEquals(Optional.empty(), node.replay(ORDERS, bound).gap());

    Published next = node.publish(ORDERS, "2");
    Replay replay = node.replay(ORDERS, last);
    assertEquals(List.of(next.id()), ids(replay.events()));
    assertEquals(bound, replay.events().getFirst().prev());
    assertEquals(Optional.of(Gap.between(ORDERS, 0, last, bound)), replay.gap());
  }

  @Test
  void aPartitionThatWasSilentForDaysStandsInWithItsHead() {
    Node node = node();
    Position head = position(node.publish(ORDERS, "1"));
    clock.advance(DAY.multipliedBy(3));

    assertEquals(new Attached(OTHER, head, head), node.attach(OTHER));
    assertEquals(Optional.empty(), node.replay(OTHER, head).gap());
    Published next = node.publish(OTHER, "2");
    assertEquals(head, node.replay(OTHER, head).events().getFirst().prev());
    assertTrue(position(next).isAfter(head));
  }

  @Test
  void nothingIsForgottenWhileTheEpochIsYoungerThanADay() {
    Node node = node();
    clock.advance(DAY);
    node.publishNumbers(ORDERS, 2);

    assertEquals(0, node.attach(OTHER).last().ms());
    assertEquals(0, node.attach(OTHER).last().seq());
  }

  @Test
  void aTopicIsNotForgottenWhileItRetainsEvents() {
    Node node = node(1, new Retention(DAY.multipliedBy(10), 10, 1_000));
    Published kept = node.publish(ORDERS, "1");
    clock.advance(DAY.multipliedBy(9));
    node.publishNumbers(OTHER, 10);

    assertEquals(new TopicState(ORDERS, kept.id(), 1), node.state(ORDERS));
  }

  @Test
  void readingLeavesNothingBehind() {
    Node node = node();
    Published first = node.publish(OTHER, "1");
    node.state(ORDERS);
    node.latest(ORDERS, 1);
    done(node.backplane().purge(ORDERS));
    node.attach(ORDERS);
    clock.advance(DAY.multipliedBy(2));

    assertEquals(
        position(first), node.attach(ORDERS).last(), "still unknown, so the head stands in");
  }

  @Test
  void callsThatMakeNoSenseAreRefused() {
    InstantSource now = InstantSource.system();
    assertThrows(
        IllegalArgumentException.class, () -> new MemoryBackplane(0, t -> Retention.DEFAULT, now));
    assertThrows(
        IllegalArgumentException.class,
        () -> new MemoryBackplane(16_385, t -> Retention.DEFAULT, now));
    Backplane notStarted = new MemoryBackplane(1, t -> Retention.DEFAULT, now);
    assertThrows(IllegalStateException.class, () -> notStarted.attach(ORDERS));
    Node node = node();
    assertThrows(IllegalStateException.class, () -> node.backplane().start(new Recorder()));
    assertThrows(IllegalArgumentException.class, () -> node.backplane().latest(ORDERS, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> node.backplane().replay(ORDERS, Position.start("e"), 0));
  }
}
