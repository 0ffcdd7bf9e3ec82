package io.edgepush.service.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.backplane.Published;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Position;
import io.edgepush.model.Revocation;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.ClusterSetup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Masters are killed and slots moved while events flow. */
final class ClusterFaultsTest extends FailOverTests {
  @RegisterExtension static final ClusterSetup CLUSTER = new ClusterSetup();

  private final Keys keys = new Keys(prefix, 64);

  @Override
  RedisConfig config() {
    return RedisConfig.of(CLUSTER.uri());
  }

  private int slot(Topic topic) {
    return slot(keys.partition(topic));
  }

  private int slot(int partition) {
    return JedisClusterCRC16.getSlot(keys.clock(partition));
  }

  private Set<EventId> held(SteadyLoad load) {
    return held(
        load,
        keys,
        (partition, name, arguments) ->
            CLUSTER.command(CLUSTER.master(slot(partition)), name, arguments));
  }

  @Test
  void aMasterThatIsKilledLosesNothingWithoutAGapAndTheOthersGoOn() {
    Node listener = listener();
    SteadyLoad load = load(node());
    for (int i = 0; i < TIMES; i++) {
      load.awaitStored(500);
      int slot = slot(topics.get(i % topics.size()));
      int killed = CLUSTER.master(slot);
      CLUSTER.kill(killed);
      CLUSTER.awaitMasterOtherThan(killed, slot);
      load.awaitStored(500);
      CLUSTER.restart(killed);
    }
    load.finish();

    int inGaps = load.judge(listener.heard());
    report("master killed", load, listener, inGaps);
    assertCame(held(load), listener);
    RedisTests.atLast(() -> listener.backplane().check().thenApply(_ -> true));
  }

  @Test
  void slotsThatMoveUnderLoadLoseNothingAndMakeNoGap() {
    Node listener = listener();
    SteadyLoad load = load(node());
    load.awaitStored(500);
    for (int i = 0; i < 3 * TIMES; i++) {
      int slot = slot(topics.get(i % topics.size()));
      int from = CLUSTER.master(slot);
      List<Integer> others = new ArrayList<>(CLUSTER.masters());
      others.removeIf(master -> master == from);
      CLUSTER.move(slot, others.get(i % others.size()));
      load.awaitStored(300);
    }
    load.finish();

    assertEquals(0, load.judge(listener.heard()));
    report("slots moved", load, listener, 0);
    assertEquals(List.of(), listener.heard().gaps());
    assertEquals(load.count(), listener.heard().events().size());
    assertTrue(listener.backplane().statistics().switches() > 0);
  }

  @Test
  void whatOneThreadPublishesWithoutWaitingKeepsItsOrderWhileTheSlotMoves() {
    Topic topic = topics.getFirst();
    Node node = node();
    Position begin = RedisTests.atLast(() -> node.backplane().attach(topic)).head();
    RedisTests.Node publisher = new RedisTests.Node(node.backplane(), node.heard());
    List<CompletionStage<Published>> stages = new ArrayList<>();
    int slot = slot(topic);
    for (int move = 0; move < 3; move++) {
      int from = CLUSTER.master(slot);
      int to = CLUSTER.masters().stream().filter(port -> port != from).findFirst().orElseThrow();
      CLUSTER.openSlot(slot, to);
      stages.addAll(burst(publisher, topic, stages.size()));
      CLUSTER.moveKeys(slot, from, to);
      stages.addAll(burst(publisher, topic, stages.size()));
      CLUSTER.closeSlot(slot, from, to);
      stages.addAll(burst(publisher, topic, stages.size()));
      stages.forEach(RedisTests::done);
    }

    List<Event> events = RedisTests.done(node.backplane().replay(topic, begin, 10_000)).events();
    assertEquals(
        IntStream.range(0, stages.size()).mapToObj(Integer::toString).toList(),
        events.stream()
            .map(e -> new String(e.content().data(), StandardCharsets.US_ASCII))
            .toList());
    node.heard().awaitEvent(RedisTests.done(stages.getLast()));
    node.heard().assertInOrder();
    assertEquals(stages.size(), node.heard().events().size());
  }

  private static List<CompletionStage<Published>> burst(
      RedisTests.Node publisher, Topic topic, int from) {
    return IntStream.range(from, from + 100)
        .mapToObj(i -> publisher.tryPublish(topic, Integer.toString(i)))
        .toList();
  }

  @Test
  void whatIsOnTheWayToAnotherMasterIsReadThereAndPublishedWhenItArrived() {
    Topic topic = topics.getFirst();
    Node node = node();
    RedisTests.Node publisher = new RedisTests.Node(node.backplane(), node.heard());
    Position begin = RedisTests.atLast(() -> node.backplane().attach(topic)).head();
    Published stored = publisher.publish(topic, "1");
    int slot = slot(topic);
    int to =
        CLUSTER.masters().stream()
            .filter(port -> port != CLUSTER.master(slot))
            .findFirst()
            .orElseThrow();
    int from = CLUSTER.openSlot(slot, to);
    CLUSTER.moveKeys(slot, from, to);

    assertEquals(
        List.of(stored.id()),
        publisher.replay(topic, begin).events().stream().map(Event::id).toList());
    CompletionStage<Published> waits = publisher.tryPublish(topic, "2");
    assertEquals(
        List.of(stored.id()),
        publisher.replay(topic, begin).events().stream().map(Event::id).toList());
    CLUSTER.closeSlot(slot, from, to);

    Published last = RedisTests.done(waits);
    assertEquals(2, node.heard().awaitEvent(last).size());
    node.heard().assertInOrder();
  }

  @Test
  void aMasterThatHangsDoesNotHoldUpWhatLivesElsewhere() {
    Node node = listener();
    Topic stuck = topics.getFirst();
    Topic other =
        topics.stream()
            .filter(t -> CLUSTER.master(slot(t)) != CLUSTER.master(slot(stuck)))
            .findFirst()
            .orElseThrow();
    RedisTests.Node publisher = new RedisTests.Node(node.backplane(), node.heard());
    int hung = CLUSTER.master(slot(stuck));
    CLUSTER.pause(hung);
    try {
      List<CompletionStage<Published>> waiting = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        waiting.add(publisher.tryPublish(stuck, "1"));
        node.heard().awaitEvent(publisher.publish(other, "2"));
      }
      assertTrue(
          waiting.stream()
              .noneMatch(stage -> stage.toCompletableFuture().isDone() && !failed(stage)),
          "nothing was stored at a server that hangs");
      CLUSTER.awaitMasterOtherThan(hung, slot(stuck));
      Published last = RedisTests.publishAtLast(publisher, stuck);
      node.heard().awaitEvent(last);
    } finally {
      CLUSTER.resume(hung);
    }
    CLUSTER.awaitWhole();
  }

  private static boolean failed(CompletionStage<?> stage) {
    return stage.toCompletableFuture().isCompletedExceptionally();
  }

  @Test
  void ratesAndRevocationsLieInTheClusterToo() {
    Node one = node();
    Node other = node();
    for (String who : List.of("billing", "orders", "a b")) {
      assertEquals(6, RedisTests.atLast(() -> one.backplane().take(who, 10, 4)).remaining());
      assertTrue(RedisTests.atLast(() -> other.backplane().take(who, 10, 4)).remaining() <= 3);
    }
    Revocation revocation =
        new Revocation(Revocation.Kind.SUBJECT, "bob", 1, System.currentTimeMillis() + 600_000);
    RedisTests.atLast(() -> one.backplane().revoke(revocation).thenApply(_ -> true));
    other.heard().awaitRevocation(revocation);
    node().heard().awaitRevocation(revocation);
  }
}
