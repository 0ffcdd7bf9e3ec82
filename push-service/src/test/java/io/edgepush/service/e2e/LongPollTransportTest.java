package io.edgepush.service.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.hub.client.Ledger;
import io.edgepush.hub.client.Message;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.Wire;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongPollTransportTest extends TransportContract {
  @Override
  Wire wire() {
    return Wire.LONG_POLL;
  }

  private static List<Message.Notice> answers(Subscriber subscriber) {
    return subscriber.view().connection().stream()
        .filter(m -> m instanceof Message.Notice)
        .map(Message.Notice.class::cast)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aPollWithoutCursorIsAnsweredAtOnceAndOneWithACursorWaitsForAnEvent(int partitions) {
    Publisher publisher = new Publisher(nodeWith(partitions), new Ledger());
    Topic topic = topic();
    Subscriber subscriber = subscribe(partitions, Ask.of(topic));
    assertEquals(List.of(), answers(subscriber).getFirst().members().get("events"));
    nodeWith(partitions).awaitSubscribers(1, List.of(topic));
    publisher.publish(topic);
    subscriber.awaitEvents(1);

    List<Message.Notice> answers = answers(subscriber);
    assertTrue(
        answers.size() <= 2, () -> "it was not answered before there was an event: " + answers);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aPollThatWaitsInVainIsAnsweredWithTheCursorOfThen(int partitions) {
    Topic topic = topic();
    Subscriber subscriber = subscribe(partitions, Ask.of(topic));
    subscriber.await(() -> answers(subscriber).size() == 2);

    Message.Notice answer = answers(subscriber).getLast();
    assertEquals(List.of(), answer.members().get("events"));
    assertEquals(List.of(), answer.members().get("gaps"));
    assertEquals(partitionsOf(List.of(topic), partitions), answer.cursor().positions().keySet());
  }
}
