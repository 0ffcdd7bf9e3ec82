package io.edgepush.service.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.backplane.Attached;
import io.edgepush.backplane.BackplaneException;
import io.edgepush.backplane.Published;
import io.edgepush.backplane.Replay;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.SentinelSetup;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Another server becomes the master while events flow. */
final class SentinelFailOverTest extends FailOverTests {
  @RegisterExtension static final SentinelSetup SENTINELS = new SentinelSetup();

  private final Keys keys = new Keys(prefix, 1);

  @Override
  RedisConfig config() {
    return RedisConfig.of(SENTINELS.uri());
  }

  private Set<EventId> held(SteadyLoad load) {
    return held(load, keys, (_, name, arguments) -> SENTINELS.command(name, arguments));
  }

  @Test
  void aFailOverThatSomebodyAsksForLosesNothingWithoutAGap() {
    Node listener = listener();
    SteadyLoad load = load(node());
    for (int i = 0; i < TIMES; i++) {
      load.awaitStored(500);
      SENTINELS.failOver();
      load.awaitStored(500);
      SENTINELS.awaitReplica();
    }
    load.finish();

    int inGaps = load.judge(listener.heard());
    report("fail-over", load, listener, inGaps);
    assertCame(held(load), listener);
    assertTrue(listener.backplane().statistics().switches() >= TIMES);
  }

  @Test
  void aMasterThatIsKilledLosesNothingWithoutAGap() {
    Node listener = listener();
    SteadyLoad load = load(node());
    for (int i = 0; i < TIMES; i++) {
      load.awaitStored(500);
      int killed = SENTINELS.killMaster();
      SENTINELS.awaitMasterOtherThan(killed);
      load.awaitStored(500);
      SENTINELS.restart(killed);
      if (i + 1 < TIMES) {
        SENTINELS.awaitReplicated();
      }
    }
    load.finish();

    int inGaps = load.judge(listener.heard());
    report("master killed", load, listener, inGaps);
    assertCame(held(load), listener);
  }

  @Test
  void aMasterThatHangsIsLeftAtOnceAndWhatItTakesLaterIsInAGap() {
    Node listener = listener();
    SteadyLoad load = load(node());
    load.awaitStored(300);
    int hung = SENTINELS.pauseMaster();
    try {
      SENTINELS.awaitMasterOtherThan(hung);
      load.awaitStored(500);
    } finally {
      SENTINELS.resume(hung);
    }
    load.awaitStored(100);
    load.finish();

    int inGaps = load.judge(listener.heard());
    report("master hung", load, listener, inGaps);
    assertCame(held(load), listener);
  }

  /**
   * The replica gets nothing any more, then the master is killed: all that lies between is lost.
   */
  @Test
  void whatTheNewMasterNeverGotIsInAGapForThoseWhoSawItAndForThoseWhoDidNot() {
    Topic topic = topics.getFirst();
    Node saw = node();
    RedisTests.atLast(() -> saw.backplane().attach(topic));
    Published survives =
        RedisTests.publishAtLast(new RedisTests.Node(saw.backplane(), saw.heard()), topic);
    saw.heard().awaitEvent(survives);
    SENTINELS.awaitReplicated();
    int killed = SENTINELS.master();
    SENTINELS.command("ACL", "SETUSER", "default", "-psync", "-sync", "-replconf");
    SENTINELS.command("CLIENT", "KILL", "TYPE", "replica");
    Published lost =
        RedisTests.publishAtLast(new RedisTests.Node(saw.backplane(), saw.heard()), topic);
    saw.heard().awaitEvent(lost);
    SENTINELS.killMaster();
    SENTINELS.awaitMasterOtherThan(killed);

    Published after =
        RedisTests.publishAtLast(new RedisTests.Node(saw.backplane(), saw.heard()), topic);
    saw.heard().awaitEvent(after);
    assertFalse(after.id().position().sameEpoch(lost.id().position()));
    Gap gap = saw.heard().gaps().getLast();
    assertEquals(lost.id(), gap.from());
    assertEquals(Position.start(after.id().position().epoch()), gap.to().position());
    assertEquals(Gap.Reason.EPOCH, gap.reason());

    Node fresh = node();
    Attached attached = RedisTests.atLast(() -> fresh.backplane().attach(topic));
    assertTrue(attached.head().sameEpoch(after.id().position()));
    Replay ahead = replay(fresh, topic, lost.id().position());
    assertEquals(List.of(after.id()), ids(ahead));
    assertEquals(lost.id(), ahead.gap().orElseThrow().from());
    Replay behind = replay(fresh, topic, survives.id().position());
    assertEquals(List.of(after.id()), ids(behind));
    assertEquals(survives.id(), behind.gap().orElseThrow().from());
    Replay start = replay(fresh, topic, survives.id().position().before());
    assertEquals(List.of(survives.id()), ids(start), "what survived is told before the gap");
    assertTrue(start.gap().isEmpty() && start.more());
    SENTINELS.restart(killed);
  }

  private static Replay replay(Node node, Topic topic, Position after) {
    return RedisTests.atLast(() -> node.backplane().replay(topic, after, 100));
  }

  private static List<EventId> ids(Replay replay) {
    return replay.events().stream().map(Event::id).toList();
  }

  @Test
  void aNodeMayBeStartedBeforeTheSentinels() {
    try (SentinelSetup late = new SentinelSetup()) {
      late.prepare();
      late.startServers();
      RedisBackplane backplane =
          new RedisBackplane(RedisConfig.of(late.uri()).withPrefix(prefix), _ -> Retention.DEFAULT);
      try (backplane) {
        io.edgepush.backplane.Recorder heard = new io.edgepush.backplane.Recorder();
        backplane.start(heard);
        RedisTests.Node node = new RedisTests.Node(backplane, heard);
        RedisTests.eventually(
            () -> {
              BackplaneException away = RedisTests.failure(node.tryPublish(topics.getFirst(), "1"));
              return away.getMessage().startsWith("Redis is away") && !away.outcomeUnknown();
            });

        late.startSentinels();

        RedisTests.attachAtLast(node, topics.getFirst());
        heard.awaitEvent(RedisTests.publishAtLast(node, topics.getFirst()));
        RedisTests.done(backplane.check());
      }
    }
  }
}
