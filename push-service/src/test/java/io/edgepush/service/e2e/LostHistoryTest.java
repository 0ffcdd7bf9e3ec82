package io.edgepush.service.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgepush.hub.client.ClientView;
import io.edgepush.hub.client.Ledger;
import io.edgepush.hub.client.Message;
import io.edgepush.model.EventId;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.RedisServer;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.TestNode;
import io.edgepush.service.testing.Wire;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What could not be replayed is said, on each transport, and then it goes on. */
class LostHistoryTest {
  @RegisterExtension static final RedisServer REDIS = new RedisServer();

  private static final AtomicInteger TOPICS = new AtomicInteger();
  private static TestNode a;
  private static TestNode b;

  private final Ledger ledger = new Ledger();
  private final Publisher publisher = new Publisher(a, ledger);
  private final Topic topic = new Topic("lost." + TOPICS.incrementAndGet());
  private final Topic other = new Topic("lost." + TOPICS.incrementAndGet());
  private final Ask ask = Ask.of(topic, other);

  @BeforeAll
  static void startNodes() {
    a = TestNode.start(REDIS, "lost", "--retention-events=10");
    b = TestNode.start(REDIS, "lost", "--retention-events=10");
  }

  @AfterAll
  static void stopNodes() {
    a.close();
    b.close();
  }

  private String sentence(ClientView view) {
    return ledger
        .account(view, ledger.all(List.of(topic, other)))
        .sentence()
        .replaceFirst(" \\(.*", "");
  }

  private static List<String> reasons(ClientView view) {
    return view.gaps().stream().map(Message.Gap::reason).toList();
  }

  @ParameterizedTest
  @EnumSource
  void aCursorOlderThanWhatIsRetainedGetsAGapAndGoesOn(Wire wire) {
    Subscriber before = wire.subscribe(b, ask);
    publisher.publish(topic, 2);
    publisher.publish(other, 1);
    before.awaitEvents(3).cut();
    publisher.publish(topic, 500); // Redis drops in whole blocks of about a hundred
    publisher.publish(other, 3);
    try (Subscriber after = wire.resume(b, ask, before.view())) {
      after.awaitNotice(wire.subscribedNotice());
      int replayed = after.view().count();
      publisher.publish(topic);
      after.awaitEvents(replayed + 1);

      assertEquals(List.of("retention"), reasons(after.view()));
      assertEquals(topic, after.view().gaps().getFirst().topic());
      assertEquals(
          "507 published, "
              + (replayed + 1)
              + " delivered, 0 lost, 0 twice, 0 out of order, 1 gaps announced",
          sentence(after.view()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCursorOfAnUnknownEpochGetsAGapOfEachTopicAndGoesOn(Wire wire) {
    publisher.publish(topic, 2);
    try (Subscriber subscriber =
        wire.connect(b, ask.behind("0:longAgo:1763800000000-3"))
            .awaitNotice(wire.subscribedNotice())) {
      publisher.publish(List.of(topic, other));
      subscriber.awaitEvents(4);

      assertEquals(List.of("epoch", "epoch"), reasons(subscriber.view()));
      assertEquals(
          "4 published, 4 delivered, 0 lost, 0 twice, 0 out of order, 2 gaps announced",
          sentence(subscriber.view()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStoreThatLosesItsMemoryUnderASubscriberIsAGapAndThenLiveEvents(Wire wire) {
    try (Subscriber subscriber = wire.subscribe(b, ask)) {
      publisher.publish(topic, 3);
      subscriber.awaitEvents(3);
      REDIS.flush();
      publisher.publish(topic, 3);
      publisher.publish(other);
      subscriber.awaitEvents(7);

      assertEquals(List.of("epoch", "epoch"), reasons(subscriber.view()));
      assertEquals(
          "7 published, 7 delivered, 0 lost, 0 twice, 0 out of order, 2 gaps announced",
          sentence(subscriber.view()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStoreThatLostItsMemoryWhileTheClientWasAwayIsAGapAndThenWhatThereIs(Wire wire) {
    Subscriber before = wire.subscribe(a, ask);
    publisher.publish(topic, 3);
    before.awaitEvents(3).cut();
    EventId missed = publisher.publish(topic);
    REDIS.flush();
    publisher.publish(topic, 3);
    try (Subscriber after = wire.resume(b, ask, before.view())) {
      after.awaitEvents(6);
      publisher.publish(other);
      after.awaitEvents(7);

      assertEquals(List.of("epoch", "epoch"), reasons(after.view()));
      assertEquals(before.view().accepted().get(2).id(), after.view().gaps().getFirst().from());
      assertEquals(
          "8 published, 7 delivered, 0 lost, 0 twice, 0 out of order, 2 gaps announced",
          sentence(after.view()),
          () -> missed + " is in the gap");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStoreThatIsStartedAgainWithoutItsDataIsAGapAndThenLiveEvents(Wire wire) {
    try (Subscriber subscriber = wire.subscribe(b, ask)) {
      publisher.publish(List.of(topic, other));
      subscriber.awaitEvents(2);
      REDIS.restart();
      publisher.publishAtLast(List.of(topic, other));
      subscriber.await(
          () -> subscriber.view().gaps().size() == 2 && subscriber.view().count() == 4);

      assertEquals(List.of("epoch", "epoch"), reasons(subscriber.view()));
      assertEquals(
          "4 published, 4 delivered, 0 lost, 0 twice, 0 out of order, 2 gaps announced",
          sentence(subscriber.view()));
    }
  }

  /** As after a fail-over, until the first publish at the new master begins its epoch. */
  @ParameterizedTest
  @EnumSource
  void aStoreThatLacksWhatANodeBroughtIsAGapOfThatAndThenLiveEvents(Wire wire) {
    try (Subscriber live = wire.subscribe(b, ask)) {
      publisher.publish(topic, 2);
      publisher.publish(other);
      Subscriber before = wire.subscribe(b, ask);
      publisher.publish(topic);
      before.awaitEvents(1).cut();
      REDIS.goBackAfter(
          () -> {
            publisher.publish(topic, 3);
            live.awaitEvents(7);
          });
      try (Subscriber after = wire.resume(b, ask, before.view())) {
        after.awaitNotice(wire.subscribedNotice());
        publisher.publish(List.of(topic, other));
        after.awaitEvents(3);

        assertEquals(List.of("epoch"), reasons(after.view()));
        Message.Gap gap = after.view().gaps().getFirst();
        assertEquals(ledger.ids(topic).get(2), gap.from());
        assertEquals(ledger.ids(topic).get(5), gap.to());
        assertEquals(List.of(), live.view().gaps());
      }
    }
  }
}
