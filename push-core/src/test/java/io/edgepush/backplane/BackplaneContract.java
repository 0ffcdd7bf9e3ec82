package io.edgepush.backplane;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.model.Content;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Revocation;
import io.edgepush.model.Revocation.Kind;
import io.edgepush.model.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every promise of {@link Backplane}, as tests that each implementation runs by extending this
 * class; what concerns publishing is in {@link PublishContract}, what concerns history in {@link
 * HistoryContract}. Where it matters the publisher is on another node than the listener.
 */
public abstract class BackplaneContract extends PublishContract {
  private static final Topic ORDERS = new Topic("orders.42");
  private static final Topic LOBBY = new Topic("chat:lobby");
  private static final List<Topic> TOPICS =
      IntStream.range(0, 20).mapToObj(i -> new Topic("topic." + i)).toList();

  @Test
  void anEventReachesTheListenersOfAllNodesAtOnce() {
    Pair pair = pair();
    pair.one().attach(ORDERS);
    pair.other().attach(ORDERS);

    Published published = pair.one().publish(ORDERS, "{\"a\":1}");

    assertFalse(published.duplicate());
    assertEquals(List.of(published.id()), ids(pair.one().heard().awaitEvent(published)));
    assertEquals(List.of(published.id()), ids(pair.other().heard().awaitEvent(published)));
  }

  @Test
  void aRevocationReachesAllNodesThoseThatStartLaterToo() {
    List<Backplane> nodes = nodes(shared() ? 3 : 1, 1, _ -> Retention.DEFAULT);
    Node first = start(nodes.getFirst());
    long soon = System.currentTimeMillis() + 600_000;
    Revocation token = new Revocation(Kind.TOKEN, "7 of 9: é", Long.MAX_VALUE, soon);
    Revocation subject = new Revocation(Kind.SUBJECT, "bob", 1_763_800_000_000L, soon + 1);
    done(first.backplane().revoke(token));
    first.heard().awaitRevocation(token);
    for (Backplane later : nodes.subList(1, nodes.size())) {
      start(later).heard().awaitRevocation(token);
    }
    done(nodes.getLast().revoke(subject));
    first.heard().awaitRevocation(subject);
    done(first.backplane().revoke(subject));
  }

  @Test
  void onlyEventsOfAttachedTopicsCome() {
    Pair pair = pair();
    pair.other().attach(ORDERS);

    pair.one().publish(LOBBY, "1");
    Published published = pair.one().publish(ORDERS, "2");

    assertEquals(List.of(published.id()), ids(pair.other().heard().awaitEvent(published)));
  }

  @Test
  void attachTellsTheHeadOfThePartitionAndTheLastOfTheTopic() {
    Node node = node();
    Attached fresh = node.attach(ORDERS);
    assertEquals(fresh.head().epoch(), fresh.last().epoch());
    Position orders = position(node.publish(ORDERS, "1"));
    Position lobby = position(node.publish(LOBBY, "2"));

    assertTrue(orders.isAfter(fresh.head()));
    assertEquals(new Attached(ORDERS, lobby, orders), node.attach(ORDERS));
    assertEquals(new Attached(LOBBY, lobby, lobby), node.attach(LOBBY));
  }

  @Test
  void attachingTwiceBringsEachEventOnce() {
    Pair pair = pair();
    Attached first = pair.other().attach(ORDERS);
    Attached second = pair.other().attach(ORDERS);
    assertEquals(first, second);

    pair.one().publish(ORDERS, "1");
    Published last = pair.one().publish(ORDERS, "2");

    assertEquals(2, pair.other().heard().awaitEvent(last).size());
    pair.other().backplane().detach(ORDERS);
    assertFallsSilent(pair);
  }

  @Test
  void aDetachedTopicFallsSilentAndComesBackWithTheNextAttach() {
    Pair pair = pair();
    pair.other().attach(ORDERS);
    pair.other().attach(LOBBY);
    pair.other().backplane().detach(ORDERS);
    assertFallsSilent(pair);

    Published missed = pair.one().publish(ORDERS, "1");
    Attached again = pair.other().attach(ORDERS);
    Published published = pair.one().publish(ORDERS, "2");

    pair.other().heard().awaitEvent(published);
    assertEquals(position(missed), again.last());
    Published lobby = pair.one().publish(LOBBY, "3");
    pair.other().heard().awaitEvent(lobby);
    pair.other().heard().assertInOrder();
  }

  private static void assertFallsSilent(Pair pair) {
    pair.other().attach(LOBBY);
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              Published probe = pair.one().publish(ORDERS, "0");
              pair.other().heard().awaitEvent(pair.one().publish(LOBBY, "0"));
              return !pair.other().heard().heard(probe);
            });
  }

  @Test
  void whoeverAttachesWhileOthersPublishHearsEverythingBehindTheHead() throws Exception {
    Pair pair = pair();
    for (Topic topic : TOPICS) {
      CountDownLatch underWay = new CountDownLatch(20);
      List<Published> published = new ArrayList<>();
      Callable<Attached> publisher =
          () -> {
            for (int i = 0; i < 200; i++) {
              published.add(pair.one().publish(topic, Integer.toString(i)));
              underWay.countDown();
            }
            return pair.one().attach(topic);
          };
      Callable<Attached> subscriber =
          () -> {
            underWay.await();
            return pair.other().attach(topic);
          };

      Position head = together(List.of(publisher, subscriber)).getLast().head();

      pair.other().heard().awaitEvent(pair.one().publish(topic, "end"));
      List<EventId> behind =
          published.stream().filter(p -> position(p).isAfter(head)).map(Published::id).toList();
      List<EventId> heard =
          ids(pair.other().heard().events(topic)).stream()
              .filter(id -> id.position().isAfter(head))
              .toList();
      assertEquals(behind, heard.subList(0, heard.size() - 1));
    }
    pair.other().heard().assertInOrder();
  }

  @Test
  void contentArrivesAsItWasPublished() {
    Pair pair = pair();
    byte[] everyByte = new byte[Content.MAX_DATA_BYTES];
    IntStream.range(0, everyByte.length).forEach(i -> everyByte[i] = (byte) (i * 31));
    List<Content> contents =
        List.of(
            new Content(
                "order.created",
                "42",
                Content.Encoding.JSON,
                utf8("{\"total\": 99.5, \"name\":\"Zoë 😀\"}")),
            new Content("", "ключ", Content.Encoding.JSON, utf8("null")),
            new Content("blob", "", Content.Encoding.BINARY, everyByte),
            new Content("", "", Content.Encoding.BINARY, new byte[0]));
    pair.other().attach(ORDERS);

    List<Published> published =
        pair.one()
            .publish(
                contents.stream()
                    .map(c -> new Publication(ORDERS, c, c.type() + c.key() + "k", true))
                    .toList());

    assertContents(contents, pair.other().heard().awaitEvent(published.getLast()));
    assertContents(contents, pair.other().latest(ORDERS, 4).events());
  }

  private static void assertContents(List<Content> expected, List<Event> events) {
    assertEquals(expected.size(), events.size());
    for (int i = 0; i < expected.size(); i++) {
      Content content = events.get(i).content();
      assertEquals(expected.get(i).type(), content.type());
      assertEquals(expected.get(i).key(), content.key());
      assertEquals(expected.get(i).encoding(), content.encoding());
      assertArrayEquals(expected.get(i).data(), content.data());
      assertEquals(ORDERS, events.get(i).topic());
    }
  }

  @Test
  void aCheckLeavesNoTrace() {
    Node node = node();
    Attached before = node.attach(ORDERS);

    done(node.backplane().check());

    Published published = node.publish(ORDERS, "1");
    assertEquals(List.of(published.id()), ids(node.heard().awaitEvent(published)));
    assertEquals(before.last(), node.heard().events().getFirst().prev());
  }

  @Test
  void everyCallAfterTheCloseFails() {
    Node node = node();
    Position position = node.attach(ORDERS).head();
    Backplane backplane = node.backplane();

    backplane.close();
    backplane.close();

    Stream.concat(
            backplane.publish(List.of(publication(ORDERS, "1"), publication(LOBBY, "2"))).stream(),
            Stream.of(
                backplane.attach(ORDERS),
                backplane.replay(ORDERS, position, 1),
                backplane.latest(ORDERS, 1),
                backplane.state(ORDERS),
                backplane.purge(ORDERS),
                backplane.check()))
        .forEach(stage -> assertFalse(failure(stage).outcomeUnknown()));
    backplane.detach(ORDERS);
    assertEquals(List.of(), node.heard().events());
  }

  @Test
  void aCloseUnderLoadLeavesNoStageOpenAndTheListenerAlone() throws Exception {
    Node node = node();
    node.attach(ORDERS);
    CountDownLatch underWay = new CountDownLatch(50);
    CountDownLatch closed = new CountDownLatch(1);
    Callable<Integer> publisher =
        () -> {
          boolean stored;
          boolean afterwards;
          do {
            afterwards = closed.getCount() == 0;
            stored = stored(node.backplane().publish(List.of(publication(ORDERS, "1"))).getFirst());
            underWay.countDown();
          } while (stored && !afterwards);
          assertFalse(stored, "stored after the close");
          return node.heard().events().size();
        };
    Callable<Integer> closer =
        () -> {
          underWay.await();
          node.backplane().close();
          closed.countDown();
          return node.heard().events().size();
        };

    List<Integer> heard = together(List.of(publisher, closer));

    assertEquals(heard.getLast(), node.heard().events().size());
  }

  private static boolean stored(CompletionStage<Published> stage) throws Exception {
    try {
      stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException e) {
      assertInstanceOf(BackplaneException.class, e.getCause());
      return false;
    }
  }
}
