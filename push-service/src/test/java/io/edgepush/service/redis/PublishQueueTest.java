package io.edgepush.service.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.backplane.Published;
import io.edgepush.model.Event;
import io.edgepush.model.Publication;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Events that are published one by one, and travel together. */
final class PublishQueueTest extends RedisTests {
  private static final int EVENTS = 60;

  /** A group whose keys are all ours is remembered as a whole, one with given keys by each. */
  @Test
  void whatComesWhileACallIsUnderWayMakesUpTheNextCall() {
    assertGrouped(IntStream.range(0, EVENTS).mapToObj(i -> publication(ORDERS, "" + i)).toList());
  }

  @Test
  void thoseWithKeysOfTheirOwnTravelWithTheOthersAndAreStoredOnce() {
    List<Publication> publications =
        IntStream.range(0, EVENTS)
            .mapToObj(
                i -> i % 7 == 0 ? keyed(ORDERS, "k" + i, "" + i) : publication(ORDERS, "" + i))
            .toList();
    List<Published> published = assertGrouped(publications);

    Node node = node();
    for (int i = 0; i < EVENTS; i += 7) {
      assertEquals(new Published(published.get(i).id(), true), node.publish(publications.get(i)));
    }
  }

  @Test
  void aFullGroupWaitsForNoAnswerAndTheOrderHolds() {
    int events = 1_000;
    Node node = node();
    node.attach(ORDERS);
    node.publish(ORDERS, "before");
    long commands = node.backplane().statistics().commands();
    List<CompletionStage<Published>> stages = new ArrayList<>();
    REDIS.pause();
    try {
      for (int i = 0; i < events; i++) {
        stages.add(node.tryPublish(ORDERS, "" + i));
      }
      assertEquals(commands + 1 + (events - 1) / 128, node.backplane().statistics().commands());
    } finally {
      REDIS.resume();
    }

    node.heard().awaitEvent(stages.stream().map(RedisTests::done).toList().getLast());
    assertEquals(
        IntStream.range(0, events).mapToObj(Integer::toString).toList(),
        node.heard().events().stream().skip(1).map(PublishQueueTest::text).toList());
  }

  private static String text(Event event) {
    return new String(event.content().data(), StandardCharsets.UTF_8);
  }

  private List<Published> assertGrouped(List<Publication> publications) {
    Node node = node();
    node.attach(ORDERS);
    node.publish(ORDERS, "before");
    long commands = node.backplane().statistics().commands();
    List<CompletionStage<Published>> stages = new ArrayList<>();
    REDIS.pause();
    try {
      publications.forEach(p -> stages.addAll(node.backplane().publish(List.of(p))));
      assertEquals(commands + 1, node.backplane().statistics().commands());
    } finally {
      REDIS.resume();
    }

    List<Published> published = stages.stream().map(RedisTests::done).toList();
    assertEquals(commands + 2, node.backplane().statistics().commands());
    assertTrue(published.stream().noneMatch(Published::duplicate));
    node.heard().awaitEvent(published.getLast());
    assertEquals(
        published.stream().map(Published::id).toList(),
        node.heard().events().stream().skip(1).map(Event::id).toList());
    return published;
  }
}
