package io.edgepush.service.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.hub.client.Ledger;
import io.edgepush.hub.client.Message;
import io.edgepush.model.Cursor;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.TestNode;
import io.edgepush.wire.CloseReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds on the transports that keep a connection. */
abstract class StreamContract extends TransportContract {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The last close code or error that the client was told. */
  abstract Optional<Long> closeCode(Subscriber subscriber);

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void theFirstMessageIsWelcomeAndCarriesTheCursorWhereTheConnectionBegins(int partitions) {
    Ledger ledger = new Ledger();
    Publisher publisher = new Publisher(nodeWith(partitions), ledger);
    List<Topic> topics = topics(3);
    Subscriber subscriber = subscribe(partitions, Ask.of(topics));
    List<String> types =
        subscriber.view().connection().stream()
            .map(m -> ((Message.Notice) m).type())
            .filter(t -> !t.equals("retry") && !t.equals("heartbeat"))
            .toList();

    assertEquals(List.of("welcome", "subscribed"), types.subList(0, 2));
    Message.Notice welcome = subscriber.view().notice("welcome").orElseThrow();
    assertEquals(partitionsOf(topics, partitions), welcome.cursor().positions().keySet());
    assertEquals(1, welcome.number("protocol"));
    assertEquals(1_000, welcome.number("heartbeatMs"));
    publisher.publish(topics);
    subscriber.cut();
    resume(partitions, Ask.of(topics).behind(welcome.cursor()), subscriber.view());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void heartbeatsMoveTheCursorOfAnIdleTopicOn(int partitions) {
    Ledger ledger = new Ledger();
    Publisher publisher = new Publisher(nodeWith(partitions), ledger);
    Topic idle = topic();
    Topic busy = inPartitionOf(idle, partitions);
    Subscriber other =
        subscribe(partitions, Ask.of(busy)); // so that the node takes the busy topic's events
    Subscriber subscriber = subscribe(partitions, Ask.of(idle));
    Cursor last = Cursor.of(publisher.publish(busy, 5).getLast());
    other.awaitEvents(5);
    subscriber.await(() -> subscriber.view().cursor().equals(last));

    subscriber.cut();
    publisher.publish(idle, 2);
    resume(partitions, Ask.of(idle), subscriber.view()).awaitEvents(2);
    assertClean(2, ledger, subscriber.view(), List.of(idle));
  }

  private static Topic inPartitionOf(Topic other, int partitions) {
    Topic topic = topic();
    while (topic.partition(partitions) != other.partition(partitions)) {
      topic = topic();
    }
    return topic;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aReaderThatNeverReadsIsEndedAsASlowConsumerWhileOthersGoOn(int partitions) {
    Ledger ledger = new Ledger();
    TestNode node = nodeWith(partitions);
    Publisher publisher = new Publisher(node, ledger);
    Topic topic = topic();
    Subscriber good = subscribe(partitions, Ask.of(topic));
    Subscriber stuck = closing(wire().connectWithoutReading(node, Ask.of(topic), 4_096));
    node.awaitSubscribers(2, List.of(topic));
    long before = node.hub().statistics().closes().get(CloseReason.SLOW_CONSUMER).sum();
    int published = 0;
    while (node.hub().subscribers(topic) == 2) {
      assertTrue(published < 2_000, "a reader that never reads is ended");
      publisher.publish(topic, "application/octet-stream", new byte[32 * 1024]);
      good.awaitEvents(++published);
    }
    assertEquals(before + 1, node.hub().statistics().closes().get(CloseReason.SLOW_CONSUMER).sum());

    stuck.read();
    await().atMost(PATIENCE).until(() -> closeCode(stuck).isPresent());
    assertEquals(Optional.of(4201L), closeCode(stuck));
    stuck.awaitEnd();
    publisher.publish(topic);
    good.awaitEvents(published + 1);
    assertEquals(List.of(), good.view().dropped());
    assertTrue(stuck.view().count() < published, "it did not get everything");
    assertEquals(
        ids(good.view().accepted()).subList(0, stuck.view().count()), ids(stuck.view().accepted()));
  }
}
