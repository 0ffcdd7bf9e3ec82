package io.edgepush.service.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.hub.client.Account;
import io.edgepush.hub.client.ClientView;
import io.edgepush.hub.client.Ledger;
import io.edgepush.model.Cursor;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.RedisServer;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.TestNode;
import io.edgepush.service.testing.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One client with one cursor that changes transport and node while events flow. */
class RoamingClientTest {
  @RegisterExtension static final RedisServer REDIS = new RedisServer();

  private static final int JOURNEYS = Boolean.getBoolean("long") ? 2_000 : 100;
  private static final int MOST_EVENTS = 20;

  private final Ledger ledger = new Ledger();
  private final List<Topic> topics =
      IntStream.range(0, 5).mapToObj(i -> new Topic("roam." + i)).toList();
  private int partitions;
  private int dropped;

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aClientThatIsCutAfterAnyNumberOfEventsGoesOnOverAnotherTransportAtAnotherNode(int count)
      throws Exception {
    partitions = count;
    long seed = System.nanoTime();
    String prefix = "roam" + partitions;
    AtomicBoolean done = new AtomicBoolean();
    try (TestNode a = TestNode.start(REDIS, prefix, "--partitions=" + partitions);
        TestNode b = TestNode.start(REDIS, prefix, "--partitions=" + partitions)) {
      List<Thread> publishing =
          List.of(a, b).stream()
              .map(node -> Thread.startVirtualThread(() -> publishUntil(done, node)))
              .toList();
      Random random = new Random(seed);
      try {
        for (int journey = 0; journey < JOURNEYS; journey++) {
          travel(a, b, random);
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      } finally {
        done.set(true);
        for (Thread publisher : publishing) {
          publisher.join();
        }
      }
    }
    assertTrue(
        dropped <= JOURNEYS,
        () -> dropped + " events were sent again in " + JOURNEYS + " journeys");
  }

  private void publishUntil(AtomicBoolean done, TestNode node) {
    Publisher publisher = new Publisher(node, ledger);
    while (!done.get()) {
      publisher.publish(topics);
    }
  }

  /** WebSocket at one node, event stream at the other, long-poll at the first again. */
  private void travel(TestNode a, TestNode b, Random random) {
    ClientView view = new ClientView();
    Ask ask = Ask.of(topics);
    try (Subscriber first =
        Wire.WEBSOCKET.connect(a, ask.cutAfter(1 + random.nextInt(MOST_EVENTS)), view)) {
      first.awaitEnd();
      Cursor begin = view.notice("welcome").orElseThrow().cursor();
      try (Subscriber second =
          Wire.SSE.resume(b, ask.cutAfter(1 + random.nextInt(MOST_EVENTS)), view)) {
        second.awaitEnd();
      }
      try (Subscriber third =
          Wire.LONG_POLL.resume(a, ask.cutAfter(1 + random.nextInt(MOST_EVENTS)), view)) {
        third.awaitEnd();
      }
      assertClean(view, begin);
    }
  }

  private void assertClean(ClientView view, Cursor begin) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(1))
        .until(() -> ledger.knowsAllOf(view));
    Account account = ledger.accountUpToCursor(view, ledger.behind(topics, begin, partitions));
    assertEquals(
        account.due()
            + " published, "
            + account.due()
            + " delivered, 0 lost, 0 twice, 0 out of order, 0 gaps announced",
        account.sentence());
    dropped += view.dropped().size();
  }
}
