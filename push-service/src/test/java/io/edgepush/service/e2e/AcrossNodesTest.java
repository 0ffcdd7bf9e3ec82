package io.edgepush.service.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgepush.hub.client.Ledger;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.RedisServer;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.TestNode;
import io.edgepush.service.testing.Wire;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcrossNodesTest {
  @RegisterExtension static final RedisServer REDIS = new RedisServer();

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void whatIsPublishedAtOneNodeArrivesAtAnotherOverEachTransportOnceAndInOrder(int partitions) {
    Ledger ledger = new Ledger();
    List<Topic> topics = IntStream.range(0, 20).mapToObj(i -> new Topic("across." + i)).toList();
    String prefix = "across" + partitions;
    try (TestNode a = TestNode.start(REDIS, prefix, "--partitions=" + partitions);
        TestNode b = TestNode.start(REDIS, prefix, "--partitions=" + partitions);
        Subscriber webSocket = Wire.WEBSOCKET.subscribe(b, Ask.of(topics));
        Subscriber sse = Wire.SSE.subscribe(b, Ask.of(topics));
        Subscriber longPoll = Wire.LONG_POLL.subscribe(b, Ask.of(topics))) {
      Publisher publisher = new Publisher(a, ledger);
      IntStream.range(0, 1_000).parallel().forEach(i -> publisher.publish(topics.get(i % 20)));

      for (Subscriber subscriber : List.of(webSocket, sse, longPoll)) {
        subscriber.awaitEvents(1_000);
        assertEquals(
            "1000 published, 1000 delivered, 0 lost, 0 twice, 0 out of order, 0 gaps announced",
            ledger.account(subscriber.view(), ledger.all(topics)).sentence());
      }
      assertEquals(List.of(), webSocket.view().dropped());
      assertEquals(List.of(), sse.view().dropped());
    }
  }
}
