package io.edgepush.service.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.backplane.BackplaneException;
import io.edgepush.backplane.Published;
import io.edgepush.backplane.Recorder;
import io.edgepush.backplane.Replay;
import io.edgepush.model.Content;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What happens when Redis, or a connection to it, is lost, hangs or forgets. */
final class RedisFaultsTest extends RedisTests {
  private static final List<Topic> TOPICS =
      IntStream.range(0, 10).mapToObj(i -> new Topic("topic." + i)).toList();
  private static final Retention LONG = new Retention(Duration.ofMinutes(10), 100_000, 1L << 28);
  private static final Duration SHORT = Duration.ofMillis(300);

  @Test
  void aSubscriberThatIsCutTwentyTimesMissesNothing() throws Exception {
    Node subscriber = node(LONG);
    Node publisher = node(LONG);
    TOPICS.forEach(subscriber::attach);
    AtomicBoolean enough = new AtomicBoolean();
    List<Published> published = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Published>>> publishers =
          List.of(
              threads.submit(() -> publishUntil(publisher, enough)),
              threads.submit(() -> publishUntil(publisher, enough)));
      try {
        for (int i = 0; i < 20; i++) {
          cut(subscriber);
        }
      } finally {
        enough.set(true);
      }
      for (Future<List<Published>> future : publishers) {
        published.addAll(future.get());
      }
    }
    subscriber.heard().awaitEvent(publisher.publish(TOPICS.getFirst(), "\"end\""));

    subscriber.heard().assertInOrder();
    Set<EventId> ids = new HashSet<>(published.stream().map(Published::id).toList());
    List<Event> heard = subscriber.heard().events();
    assertEquals(ids.size() + 1, heard.size());
    assertTrue(ids.containsAll(heard.subList(0, ids.size()).stream().map(Event::id).toList()));
    assertTrue(subscriber.backplane().statistics().catchUps() >= 20);
  }

  private static void cut(Node subscriber) {
    long losses = subscriber.backplane().statistics().losses();
    int heard = subscriber.heard().events().size();
    eventually(
        () -> {
          REDIS.command("CLIENT", "KILL", "TYPE", "pubsub");
          return subscriber.backplane().statistics().losses() > losses;
        });
    eventually(() -> subscriber.heard().events().size() > heard + 20);
  }

  private static List<Published> publishUntil(Node node, AtomicBoolean enough) {
    List<Published> published = new ArrayList<>();
    for (int i = 0; !enough.get(); i++) {
      published.add(node.publish(TOPICS.get(i % TOPICS.size()), Integer.toString(i)));
    }
    return published;
  }

  @Test
  void aStoreThatForgetsEverythingIsAGapOnEachTopicAndThenLive() {
    Node node = node();
    List<Topic> topics = TOPICS.subList(0, 3);
    topics.forEach(node::attach);
    List<Published> before = topics.stream().map(topic -> node.publish(topic, "1")).toList();
    node.heard().awaitEvent(before.getLast());

    REDIS.flush();
    Published after = node.publish(topics.get(1), "2");

    node.heard().awaitEvent(after);
    Position start = Position.start(after.id().position().epoch());
    assertEquals(
        Set.copyOf(topics), Set.copyOf(node.heard().gaps().stream().map(Gap::topic).toList()));
    for (Gap gap : node.heard().gaps()) {
      assertEquals(Gap.Reason.EPOCH, gap.reason());
      assertEquals(start, gap.to().position());
      assertEquals(before.getFirst().id().position().epoch(), gap.from().position().epoch());
    }
    Published live = node.publish(topics.get(2), "3");
    assertEquals(live.id(), node.heard().awaitEvent(live).getLast().id());
    assertEquals(3, node.heard().gaps().size());
  }

  @Test
  void aCheckNoticesThatTheStoreForgot() {
    Node node = node();
    node.attach(ORDERS);

    REDIS.flush();
    done(node.backplane().check());

    eventually(() -> node.heard().gaps().size() == 1);
    assertEquals(Gap.Reason.EPOCH, node.heard().gaps().getFirst().reason());
  }

  @Test
  void whileRedisIsAwayCallsFailAndAfterARestartWithoutDataAllGoesOn() {
    Node node = node();
    node.attach(ORDERS);
    Published first = node.publish(ORDERS, "1");
    node.heard().awaitEvent(first);

    REDIS.kill();
    eventually(
        () -> failure(node.tryPublish(ORDERS, "2")).getMessage().startsWith("Redis is away"));
    BackplaneException away = failure(node.tryPublish(ORDERS, "3"));
    assertFalse(away.outcomeUnknown());
    assertTrue(away.retryAfterMs() > 0);
    failure(node.backplane().check());
    failure(node.backplane().attach(LOBBY));

    REDIS.restart();
    publishAtLast(node, ORDERS);
    attachAtLast(node, LOBBY);
    Published last = node.publish(ORDERS, "4");
    node.heard().awaitEvent(last);
    node.heard().awaitEvent(node.publish(LOBBY, "5"));
    assertEquals(List.of(Gap.Reason.EPOCH), node.heard().gaps().stream().map(Gap::reason).toList());
    done(node.backplane().check());
  }

  @Test
  void aNodeMayBeStartedBeforeRedis() {
    REDIS.kill();
    Node node = node();
    eventually(
        () -> failure(node.tryPublish(ORDERS, "1")).getMessage().startsWith("Redis is away"));

    REDIS.restart();

    publishAtLast(node, ORDERS);
    attachAtLast(node, ORDERS);
    node.heard().awaitEvent(node.publish(ORDERS, "2"));
  }

  @Test
  void publishesThatAreCutInTheMiddleAreStoredOnce() throws Exception {
    Node node = node(config(), _ -> LONG);
    int threads = 4;
    int each = 1_500;
    CountDownLatch running = new CountDownLatch(threads);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int t = 0; t < threads; t++) {
        int thread = t;
        executor.submit(
            () -> {
              for (int i = 0; i < each; i++) {
                Publication publication =
                    keyed(ORDERS, thread + "-" + i, "\"" + thread + "-" + i + "\"");
                atLast(() -> node.backplane().publish(List.of(publication)).getFirst());
              }
              running.countDown();
            });
      }
      while (running.getCount() > 0) {
        long connects = node.backplane().statistics().connects();
        REDIS.command("CLIENT", "KILL", "TYPE", "normal");
        eventually(
            () -> running.getCount() == 0 || node.backplane().statistics().connects() > connects);
      }
    }

    Replay replay = atLast(() -> node.backplane().latest(ORDERS, 100_000));

    List<String> stored =
        replay.events().stream()
            .map(e -> new String(e.content().data(), StandardCharsets.UTF_8))
            .toList();
    assertEquals(threads * each, stored.size());
    assertEquals(threads * each, Set.copyOf(stored).size());
    assertTrue(node.backplane().statistics().resent() > 0, "commands were sent again");
  }

  @Test
  void aServerThatHangsFailsWhatWasSentWithAnUnknownOutcomeAndThenServesAgain() {
    Node node = node(config().withTimes(SHORT, SHORT), _ -> Retention.DEFAULT);
    node.attach(ORDERS);
    REDIS.pause();
    List<CompletionStage<Published>> stages = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        stages.add(node.tryPublish(ORDERS, Integer.toString(i)));
      }
      assertTrue(failure(stages.getFirst()).outcomeUnknown());
      stages.stream().skip(1).forEach(stage -> assertFalse(failure(stage).outcomeUnknown()));
      failure(node.backplane().check());
    } finally {
      REDIS.resume();
    }

    Published published = publishAtLast(node, ORDERS);
    node.heard().awaitEvent(published);
    node.heard().assertInOrder();
  }

  @Test
  void moreThanTheBoundFailsAtOnceAsOverload() {
    RedisConfig small =
        new RedisConfig(
            REDIS.uri(),
            REDIS.uri(),
            config().prefix(),
            1,
            Duration.ofSeconds(5),
            1 << 20,
            Duration.ofMillis(50),
            Duration.ofSeconds(1),
            Duration.ofSeconds(20));
    Node node = node(small, _ -> Retention.DEFAULT);
    node.publish(ORDERS, "1");
    Content large = new Content("", "", Content.Encoding.BINARY, new byte[Content.MAX_DATA_BYTES]);
    REDIS.pause();
    List<CompletionStage<Published>> stages = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        stages.addAll(
            node.backplane().publish(List.of(new Publication(ORDERS, large, "k" + i, true))));
      }
      BackplaneException overload = failure(stages.getLast());
      assertFalse(overload.outcomeUnknown());
      assertTrue(overload.retryAfterMs() > 0);
      assertEquals(5, node.backplane().statistics().overloads());
    } finally {
      REDIS.resume();
    }

    stages.subList(0, 15).forEach(RedisTests::done);
    assertEquals(0, node.backplane().statistics().commandBytes());
  }

  @Test
  void aStoreThatIsFullOpensTheCircuitAndAPublishThatFailedIsStoredOnceByItsRepeat() {
    Node node = node();
    node.attach(ORDERS);
    Publication publication = keyed(ORDERS, "k", "1");
    REDIS.command("CONFIG", "SET", "maxmemory", "1");
    try {
      eventually(
          () ->
              failure(node.backplane().publish(List.of(publication)).getFirst())
                  .getMessage()
                  .equals(Circuit.open().getMessage()));
      BackplaneException open = failure(node.tryPublish(ORDERS, "2"));
      assertFalse(open.outcomeUnknown());
      assertTrue(open.retryAfterMs() > 0);
    } finally {
      REDIS.command("CONFIG", "SET", "maxmemory", "0");
    }

    Published stored = atLast(() -> node.backplane().publish(List.of(publication)).getFirst());
    assertFalse(stored.duplicate());
    node.heard().awaitEvent(stored);
    assertEquals(1, node.heard().events().size());
  }

  @Test
  void aServerThatForgotItsScriptsIsGivenThemAgain() {
    Node node = node();
    node.attach(ORDERS);
    REDIS.command("SCRIPT", "FLUSH");

    List<Published> published =
        node
            .backplane()
            .publish(
                IntStream.range(0, 1_000)
                    .mapToObj(i -> publication(ORDERS, Integer.toString(i)))
                    .toList())
            .stream()
            .map(RedisTests::done)
            .toList();

    assertEquals(1_000, node.heard().awaitEvent(published.getLast()).size());
    node.heard().assertInOrder();
    assertEquals(1_000, done(node.backplane().state(ORDERS)).retained());
  }

  @Test
  void deliveryThatDoesNotKeepUpReadsFromTheStreamWhatWasDropped() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Recorder recorder = new Recorder();
    RedisConfig small =
        new RedisConfig(
            REDIS.uri(),
            REDIS.uri(),
            config().prefix(),
            1,
            Duration.ofSeconds(5),
            1 << 20,
            Duration.ofMillis(50),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5));
    RedisBackplane slow = closing(new RedisBackplane(small, _ -> LONG));
    slow.start(new Stuck(recorder, go));
    TOPICS.forEach(topic -> done(slow.attach(topic)));
    Node publisher = node(LONG);
    String text = "\"" + "x".repeat(1_000) + "\"";

    Published last = null;
    for (int i = 0; i < 40; i++) {
      int batch = i;
      List<Publication> list =
          IntStream.range(0, 100)
              .mapToObj(n -> publication(TOPICS.get((n + batch) % 10), text))
              .toList();
      last = publisher.backplane().publish(list).stream().map(RedisTests::done).toList().getLast();
    }
    eventually(() -> slow.statistics().dropped() > 0);
    go.countDown();

    recorder.awaitEvent(last);
    recorder.assertInOrder();
    assertEquals(4_000, recorder.events().size());
  }

  private record Stuck(Recorder recorder, CountDownLatch go)
      implements io.edgepush.backplane.Backplane.Listener {
    @Override
    public void onEvent(Event event) {
      try {
        go.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      recorder.onEvent(event);
    }

    @Override
    public void onGap(Gap gap) {
      recorder.onGap(gap);
    }
  }
}
