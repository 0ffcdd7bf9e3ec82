package io.edgepush.service.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.backplane.Published;
import io.edgepush.backplane.Replay;
import io.edgepush.backplane.TopicState;
import io.edgepush.model.Content;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the scripts keep in Redis, for how long, and how they cope with what was lost there. */
final class RedisStoreTest extends RedisTests {
  private static final Duration MINUTES = Duration.ofMinutes(2);
  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  @Test
  void fewEventsAreKeptExactly() {
    Node node = node(new Retention(MINUTES, 5, 1 << 20));
    for (int i = 0; i < 20; i++) {
      node.publish(ORDERS, Integer.toString(i));
    }

    assertEquals(5, done(node.backplane().state(ORDERS)).retained());
  }

  @Test
  void manyEventsAreKeptUpToANodeMore() {
    Node node = node(new Retention(MINUTES, 150, 1 << 20));
    publishMany(node, 1_000, 10);

    long retained = done(node.backplane().state(ORDERS)).retained();
    assertTrue(retained >= 150 && retained < 250 + 1, () -> "retained: " + retained);
  }

  @Test
  void fewBytesAreKeptExactly() {
    Node node = node(new Retention(MINUTES, 1_000, 1_000));
    Position before = node.attach(ORDERS).head();
    for (int i = 0; i < 10; i++) {
      publishMany(node, 1, 300);
    }

    Replay replay = node.replay(ORDERS, before);

    assertEquals(3, replay.events().size());
    assertEquals(replay.events().getFirst().prev(), replay.gap().orElseThrow().to().position());
  }

  @Test
  void manyBytesAreKeptUpToAnEighthMore() {
    Node node = node(new Retention(MINUTES, 10_000, 1 << 20));
    publishMany(node, 3_000, 1_000);

    long retained = done(node.backplane().state(ORDERS)).retained();
    assertTrue(retained > 1_000 && retained <= 1_180, () -> "retained: " + retained);
  }

  @Test
  void theBoundOfBytesHoldsWhereTheBoundOfEventsTrimsToo() {
    Node node = node(new Retention(MINUTES, 120, 100_000));
    publishMany(node, 2_000, 100);
    publishMany(node, 300, 5_000);

    long retained = done(node.backplane().state(ORDERS)).retained();
    assertTrue(retained >= 19 && retained <= 22, () -> "retained: " + retained);
  }

  @Test
  void anEventGreaterThanTheBoundIsDeliveredAndNotKept() {
    Node node = node(new Retention(MINUTES, 1_000, 100));
    Position before = node.attach(ORDERS).head();
    publishMany(node, 2, 40);
    Published large = publishMany(node, 1, 101);

    node.heard().awaitEvent(large);
    Replay replay = node.replay(ORDERS, before);
    assertEquals(List.of(), replay.events());
    assertEquals(large.id(), replay.gap().orElseThrow().to());
    publishMany(node, 2, 40);
    assertEquals(2, done(node.backplane().state(ORDERS)).retained());
  }

  @Test
  void everythingExpires() {
    Node node = node(new Retention(Duration.ofSeconds(100), 1_000, 1 << 20));
    node.publish(keyed(ORDERS, "given", "1"));
    Publication made = publication(ORDERS, "2");
    node.publish(made);
    node.attach(LOBBY);

    assertLifetime("s:" + ORDERS, Duration.ofSeconds(101));
    assertLifetime("l:" + ORDERS, Duration.ofHours(25));
    assertLifetime("l:" + LOBBY, Duration.ofHours(25));
    assertLifetime("i:" + ORDERS + " given", Duration.ofMinutes(5));
    assertLifetime("i:" + ORDERS + " " + made.idempotencyKey(), Duration.ofSeconds(30));
    assertEquals(-1L, REDIS.command("PTTL", key("clock")));
  }

  @Test
  void aBusyTopicsHistoryDoesNotExpire() {
    Retention retention = new Retention(Duration.ofMillis(500), 1_000, 1 << 20);
    Node node = node(retention);
    Published first = node.publish(ORDERS, "0");
    // Longer than the stream's lifetime of 1.5 seconds, without a pause.
    eventually(
        () -> node.publish(ORDERS, "1").id().position().ms() > first.id().position().ms() + 2_000);

    Published before = node.publish(ORDERS, "2");
    node.publish(ORDERS, "3");

    assertEquals(1, node.replay(ORDERS, before.id().position()).events().size());
    assertTrue((Long) REDIS.command("PTTL", key("s:" + ORDERS)) > 0);
  }

  @Test
  void historyExpiresAlsoAfterAPurge() {
    Node node = node(new Retention(Duration.ofSeconds(100), 1_000, 1 << 20));
    node.publish(ORDERS, "1");
    done(node.backplane().purge(ORDERS));
    node.publish(ORDERS, "2");

    assertLifetime("s:" + ORDERS, Duration.ofSeconds(101));
  }

  private void assertLifetime(String key, Duration most) {
    long ms = (Long) REDIS.command("PTTL", key(key));
    assertTrue(
        ms <= most.toMillis() && ms > most.toMillis() - 20_000, () -> key + " lives for " + ms);
  }

  @Test
  void aTopicThatWasQuietForDaysIsHeardWithoutAGap() {
    Node node = node();
    long now = System.currentTimeMillis();
    REDIS.command("SET", key("clock"), "old " + (now - 2 * DAY_MS) + "-7 " + (now - 9 * DAY_MS));

    Position head = node.attach(ORDERS).head();
    assertEquals(new Position("old", now - 2 * DAY_MS, 7), head);
    node.publish(LOBBY, "1");
    Published published = node.publish(ORDERS, "2");

    node.heard().awaitEvent(published);
    assertEquals(List.of(), node.heard().gaps());
    assertEquals(0, node.backplane().statistics().catchUps());
  }

  @Test
  void ofATopicForgottenLongAgoACursorOfADayIsCompleteAndAnOlderOneIsNot() {
    Node node = node();
    long now = System.currentTimeMillis();
    REDIS.command("SET", key("clock"), "old " + (now - DAY_MS / 2) + "-0 " + (now - 9 * DAY_MS));
    Published published = node.publish(ORDERS, "1");

    Position yesterday = new Position("old", now - DAY_MS * 9 / 10, 0);
    Position lastWeek = new Position("old", now - 7 * DAY_MS, 0);

    assertFalse(node.replay(ORDERS, yesterday).gap().isPresent());
    assertEquals(
        List.of(published.id()),
        node.replay(ORDERS, yesterday).events().stream().map(e -> e.id()).toList());
    assertTrue(node.replay(ORDERS, lastWeek).gap().isPresent());
    assertTrue(node.replay(LOBBY, lastWeek).gap().isPresent());
    assertFalse(node.replay(LOBBY, yesterday).gap().isPresent());
    assertEquals(new Position("old", 0, 0), done(node.backplane().state(LOBBY)).last().position());
    node.attach(LOBBY);
    assertEquals(new Position("old", 0, 0), done(node.backplane().state(LOBBY)).last().position());
  }

  @Test
  void aClockThatWentBackDoesNotTakePositionsBack() {
    Node node = node();
    node.publish(ORDERS, "1");
    long ahead = System.currentTimeMillis() + 60_000;
    String epoch = node.attach(ORDERS).head().epoch();
    REDIS.command("SET", key("clock"), epoch + " " + ahead + "-5 " + (ahead - 100_000));

    List<Published> published = List.of(node.publish(ORDERS, "2"), node.publish(ORDERS, "3"));

    assertEquals(new Position(epoch, ahead, 6), published.get(0).id().position());
    assertEquals(new Position(epoch, ahead, 7), published.get(1).id().position());
    assertTrue((Long) REDIS.command("PTTL", key("s:" + ORDERS)) > 0);
  }

  @Test
  void aClockThatWasLostBeginsANewEpochWithoutTheOldEvents() {
    Node node = node();
    Position old = node.attach(ORDERS).head();
    Published before = node.publish(ORDERS, "1");
    node.heard().awaitEvent(before);
    REDIS.command("DEL", key("clock"));

    Published after = node.publish(ORDERS, "2");

    node.heard().awaitEvent(after);
    assertNotEquals(old.epoch(), after.id().position().epoch());
    assertEquals(List.of(Gap.Reason.EPOCH), node.heard().gaps().stream().map(Gap::reason).toList());
    assertEquals(
        List.of(after.id()), node.replay(ORDERS, old).events().stream().map(e -> e.id()).toList());
    assertEquals(2, node.heard().events().size());
  }

  @Test
  void aStreamThatIsAheadOrNoStreamIsReplaced() {
    Node node = node();
    node.publish(ORDERS, "1");
    REDIS.command("XADD", key("s:" + ORDERS), "9999999999999-0", "p", "0-0", "e", "x", "c", "0");
    node.publish(LOBBY, "1");
    REDIS.command("SET", key("s:" + LOBBY), "text");

    Published orders = node.publish(ORDERS, "2");
    Published lobby = node.publish(LOBBY, "2");

    assertEquals(new TopicState(ORDERS, orders.id(), 1), done(node.backplane().state(ORDERS)));
    assertEquals(new TopicState(LOBBY, lobby.id(), 1), done(node.backplane().state(LOBBY)));
    assertTrue((Long) REDIS.command("PTTL", key("s:" + LOBBY)) > 0);
  }

  @Test
  void anEventOfALaterVersionIsAGapInAReplay() {
    Node node = node();
    Position before = node.attach(ORDERS).head();
    node.publish(ORDERS, "1");
    Published unreadable = node.publish(ORDERS, "2");
    Published readable = node.publish(ORDERS, "3");
    String stream = key("s:" + ORDERS);
    REDIS.command("DEL", stream);
    addEntry(stream, unreadable, before, "\u0009");
    addEntry(stream, readable, unreadable.id().position(), "\u0001\u0004\u00013");

    Replay replay = node.replay(ORDERS, before);

    assertEquals(List.of(readable.id()), replay.events().stream().map(e -> e.id()).toList());
    assertEquals(unreadable.id(), replay.gap().orElseThrow().to());
  }

  private static void addEntry(String stream, Published event, Position prev, String body) {
    String id = event.id().position().msSeq();
    REDIS.command("XADD", stream, id, "p", prev.msSeq(), "e", body, "c", "0");
  }

  @Test
  void keysOfTopicsThatContinueOneAnotherAreDifferent() {
    Node node = node();
    Published one = node.publish(keyed(new Topic("a"), "b:c", "1"));
    Published other = node.publish(keyed(new Topic("a:b"), "c", "1"));

    assertFalse(other.duplicate());
    assertNotEquals(one.id(), other.id());
  }

  @Test
  void aListWithoutGivenKeysIsRememberedAsAWhole() {
    Node node = node();
    List<Publication> list =
        IntStream.range(0, 200).mapToObj(i -> publication(ORDERS, "" + i)).toList();
    List<Published> first = node.backplane().publish(list).stream().map(RedisTests::done).toList();

    List<Published> again = node.backplane().publish(list).stream().map(RedisTests::done).toList();

    assertEquals(first.stream().map(p -> new Published(p.id(), true)).toList(), again);
    assertEquals(200, done(node.backplane().state(ORDERS)).retained());
    assertEquals(0, ((List<?>) REDIS.command("KEYS", key("i:*"))).size());
    assertEquals(2, ((List<?>) REDIS.command("KEYS", key("b:*"))).size());
  }

  @Test
  void topicsOfDifferentRetentionShareACall() {
    Topic small = new Topic("small");
    Topic none = new Topic("none");
    Retention two = new Retention(MINUTES, 2, 1 << 20);
    Retention zero = new Retention(MINUTES, 0, 1 << 20);
    Node node =
        node(
            config(),
            topic -> topic.equals(small) ? two : topic.equals(none) ? zero : Retention.DEFAULT);
    List<Topic> topics = List.of(ORDERS, small, none);
    List<Publication> made =
        IntStream.range(0, 30).mapToObj(i -> publication(topics.get(i % 3), "1")).toList();
    List<Publication> given =
        IntStream.range(0, 30).mapToObj(i -> keyed(topics.get(i % 3), "k" + i, "1")).toList();
    node.backplane().publish(made).forEach(RedisTests::done);
    node.backplane().publish(given).forEach(RedisTests::done);
    node.backplane()
        .publish(List.of(made.get(0), given.get(1), publication(none, "2")))
        .forEach(RedisTests::done);

    assertEquals(21, done(node.backplane().state(ORDERS)).retained());
    assertEquals(2, done(node.backplane().state(small)).retained());
    assertEquals(0, done(node.backplane().state(none)).retained());
    assertLifetime("i:small k1", Duration.ofMinutes(5));
    assertLifetime("i:orders.42 " + made.get(0).idempotencyKey(), Duration.ofSeconds(30));
  }

  @Test
  void repeatsInALongListTakeNoPositions() {
    Node node = node();
    node.publish(keyed(ORDERS, "k", "0"));
    Published last = node.publish(keyed(ORDERS, "l", "1"));
    List<Publication> repeats =
        IntStream.range(0, 50).mapToObj(i -> keyed(ORDERS, i % 2 == 0 ? "k" : "l", "2")).toList();

    List<Published> published =
        node.backplane().publish(repeats).stream().map(RedisTests::done).toList();

    assertTrue(published.stream().allMatch(Published::duplicate));
    assertEquals(last.id().position(), node.attach(LOBBY).head());
  }

  @Test
  void userAndPasswordComeFromTheUri() {
    REDIS.command("ACL", "SETUSER", "edge", "on", ">p@ss:w/rd", "~*", "&*", "+@all");
    URI plain = REDIS.uri();
    URI uri = URI.create("redis://edge:p%40ss%3Aw%2Frd@" + plain.getHost() + ":" + plain.getPort());
    Node node = node(RedisConfig.of(uri).withPrefix(config().prefix()), _ -> Retention.DEFAULT);

    node.attach(ORDERS);
    node.heard().awaitEvent(node.publish(ORDERS, "1"));

    assertTrue(((String) REDIS.command("CLIENT", "LIST")).contains("user=edge"));
  }

  @Test
  void aUserWithoutPermissionIsToldSo() {
    REDIS.command("ACL", "SETUSER", "poor", "on", ">pw", "~*", "&other:*", "+@all");
    URI plain = REDIS.uri();
    URI uri = URI.create("redis://poor:pw@" + plain.getHost() + ":" + plain.getPort());
    Node node = node(RedisConfig.of(uri).withPrefix(config().prefix()), _ -> Retention.DEFAULT);

    assertTrue(failure(node.backplane().attach(ORDERS)).getMessage().contains("NOPERM"));
    failure(node.backplane().check());
  }

  private Published publishMany(Node node, int count, int size) {
    Content content = new Content("", "", Content.Encoding.BINARY, new byte[size]);
    List<Publication> list =
        IntStream.range(0, count)
            .mapToObj(_ -> new Publication(ORDERS, content, UUID.randomUUID().toString(), false))
            .toList();
    return node.backplane().publish(list).stream().map(RedisTests::done).toList().getLast();
  }
}
