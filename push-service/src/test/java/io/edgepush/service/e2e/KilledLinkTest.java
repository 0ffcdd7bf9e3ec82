package io.edgepush.service.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgepush.hub.client.Ledger;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.RedisServer;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.TestNode;
import io.edgepush.service.testing.Wire;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The connection over which a node hears of events is lost again and again. */
class KilledLinkTest {
  @RegisterExtension static final RedisServer REDIS = new RedisServer();

  private static final int KILLS = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Ledger ledger = new Ledger();
  private final List<Topic> topics =
      IntStream.range(0, 10).mapToObj(i -> new Topic("killed." + i)).toList();

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void noSubscriberLosesAnEventNorGetsOneTwice(int partitions) throws Exception {
    String prefix = "killed" + partitions;
    try (TestNode node = TestNode.start(REDIS, prefix, "--partitions=" + partitions);
        Subscriber webSocket = Wire.WEBSOCKET.subscribe(node, Ask.of(topics));
        Subscriber sse = Wire.SSE.subscribe(node, Ask.of(topics));
        Subscriber longPoll = Wire.LONG_POLL.subscribe(node, Ask.of(topics))) {
      AtomicBoolean done = new AtomicBoolean();
      Thread publishing = Thread.startVirtualThread(() -> publishUntil(done, node));
      for (int kill = 0; kill < KILLS; kill++) {
        int before = webSocket.view().count();
        killSubscriberConnections();
        webSocket.awaitEvents(before + 1);
      }
      done.set(true);
      publishing.join();

      int published = ledger.published();
      for (Subscriber subscriber : List.of(webSocket, sse, longPoll)) {
        subscriber.awaitEvents(published);
        assertEquals(
            published
                + " published, "
                + published
                + " delivered, 0 lost, 0 twice, 0 out of order, 0 gaps announced",
            ledger.account(subscriber.view(), ledger.all(topics)).sentence());
      }
      assertEquals(List.of(), webSocket.view().dropped());
      assertEquals(List.of(), sse.view().dropped());
    }
  }

  private void publishUntil(AtomicBoolean done, TestNode node) {
    Publisher publisher = new Publisher(node, ledger);
    while (!done.get()) {
      publisher.publish(topics);
    }
  }

  private static void killSubscriberConnections() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> (Long) REDIS.command("CLIENT", "KILL", "TYPE", "pubsub") > 0);
  }
}
