package io.edgepush.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@link Backplane} promises of positions, lists and idempotency keys. */
public abstract class PublishContract extends HistoryContract {
  private static final Topic ORDERS = new Topic("orders.42");
  private static final Topic LOBBY = new Topic("chat:lobby");
  private static final List<Topic> TOPICS =
      IntStream.range(0, 20).mapToObj(i -> new Topic("topic." + i)).toList();

  @Test
  void positionsIncreaseWithinAPartitionWhateverTheTopic() {
    Pair pair = pair();
    TOPICS.forEach(pair.other()::attach);
    List<Published> published =
        TOPICS.stream().map(topic -> pair.one().publish(topic, "1")).toList();

    assertEquals(idsOf(published), ids(pair.other().heard().awaitEvent(published.getLast())));
    pair.other().heard().assertInOrder();
  }

  @Test
  void eachEventNamesItsPredecessorOnTheSameTopic() {
    Pair pair = pair();
    Position start = pair.other().attach(ORDERS).last();
    pair.other().attach(LOBBY);
    Published first = pair.one().publish(ORDERS, "1");
    Published between = pair.one().publish(LOBBY, "2");
    Published second = pair.one().publish(ORDERS, "3");

    List<Position> prevs =
        pair.other().heard().awaitEvent(second).stream().map(Event::prev).toList();

    assertEquals(List.of(start, start, position(first)), prevs);
    assertEquals(position(between), pair.other().attach(LOBBY).last());
  }

  @Test
  void aListIsAnsweredPlaceByPlaceAndKeepsItsOrderInEachPartition() {
    Node node = node(4, Retention.DEFAULT);
    TOPICS.forEach(node::attach);
    List<Publication> list =
        IntStream.range(0, 1_000)
            .mapToObj(i -> publication(TOPICS.get(i * 7 % 20), Integer.toString(i)))
            .toList();

    List<Published> published = node.publish(list);

    published.forEach(node.heard()::awaitEvent);
    node.heard().assertInOrder();
    assertEquals(4, node.backplane().partitions());
    for (int partition = 0; partition < 4; partition++) {
      int p = partition;
      List<EventId> answered = idsOf(published).stream().filter(id -> id.partition() == p).toList();
      assertEquals(
          answered, ids(node.heard().events()).stream().filter(id -> id.partition() == p).toList());
      assertFalse(answered.isEmpty(), "topics fall into each partition");
    }
    for (int i = 0; i < list.size(); i++) {
      assertEquals(list.get(i).topic().partition(4), published.get(i).id().partition());
    }
  }

  @Test
  void anEmptyListIsAnsweredByAnEmptyList() {
    assertEquals(List.of(), node().backplane().publish(List.of()));
  }

  @Test
  void aKeyUsedTwiceInAListMakesOneEvent() {
    Node node = node();
    node.attach(ORDERS);

    List<Published> published =
        node.publish(List.of(keyed(ORDERS, "k", "1"), keyed(ORDERS, "k", "2")));

    assertFalse(published.get(0).duplicate());
    assertEquals(new Published(published.get(0).id(), true), published.get(1));
    assertEquals(1, node.state(ORDERS).retained());
  }

  @Test
  void aRepeatIsAnsweredWithTheFirstIdOnAnyNode() {
    Pair pair = pair();
    pair.other().attach(ORDERS);
    Published first = pair.one().publish(keyed(ORDERS, "k", "1"));
    pair.one().publish(ORDERS, "2");

    Published repeat = pair.other().publish(keyed(ORDERS, "k", "1"));

    assertEquals(new Published(first.id(), true), repeat);
    Published barrier = pair.one().publish(ORDERS, "3");
    assertEquals(3, pair.other().heard().awaitEvent(barrier).size());
  }

  @Test
  void aKeyThatWasMadeForThePublisherIsRememberedToo() {
    Node node = node();
    Publication publication = publication(ORDERS, "1");

    Published first = node.publish(publication);

    assertEquals(new Published(first.id(), true), node.publish(publication));
  }

  @Test
  void aKeyIsForgottenByNoPurge() {
    Node node = node();
    Published first = node.publish(keyed(ORDERS, "k", "1"));
    done(node.backplane().purge(ORDERS));

    assertEquals(new Published(first.id(), true), node.publish(keyed(ORDERS, "k", "1")));
  }

  @Test
  void aKeyMeansSomethingWithinItsTopicOnly() {
    Node node = node();
    Published first = node.publish(keyed(ORDERS, "k", "1"));
    Published second = node.publish(keyed(LOBBY, "k", "1"));
    Published third = node.publish(keyed(ORDERS, "k2", "1"));

    assertTrue(Stream.of(first, second, third).noneMatch(Published::duplicate));
    assertEquals(3, Stream.of(first, second, third).map(Published::id).distinct().count());
  }

  @Test
  void ofManyPublishersWithOneKeyOneIsFirst() throws Exception {
    Pair pair = pair();
    List<Node> publishers = List.of(pair.one(), pair.other(), pair.one(), pair.other());

    List<Published> published =
        together(
            publishers.stream()
                .map(n -> (Callable<Published>) () -> n.publish(keyed(ORDERS, "k", "1")))
                .toList());

    assertEquals(1, published.stream().filter(p -> !p.duplicate()).count());
    assertEquals(1, published.stream().map(Published::id).distinct().count());
  }

  @Test
  void manyPublishersLeaveOneOrderForEveryone() throws Exception {
    Pair pair = pair();
    List<Node> publishers = List.of(pair.one(), pair.other(), pair.one(), pair.other());
    TOPICS.forEach(pair.one()::attach);
    TOPICS.forEach(pair.other()::attach);

    List<List<Published>> published =
        together(publishers.stream().map(PublishContract::publish250).toList());

    published.forEach(list -> list.forEach(pair.one().heard()::awaitEvent));
    published.forEach(list -> list.forEach(pair.other().heard()::awaitEvent));
    pair.one().heard().assertInOrder();
    assertEquals(1_000, pair.one().heard().events().size());
    assertEquals(ids(pair.one().heard().events()), ids(pair.other().heard().events()));
    TOPICS.forEach(topic -> assertChained(pair.one().heard().events(topic)));
  }

  private static Callable<List<Published>> publish250(Node node) {
    return () ->
        IntStream.range(0, 250).mapToObj(i -> node.publish(TOPICS.get(i % 20), "1")).toList();
  }

  private static void assertChained(List<Event> events) {
    for (int i = 1; i < events.size(); i++) {
      assertEquals(events.get(i - 1).position(), events.get(i).prev());
    }
  }
}
