package io.edgepush.service.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.hub.client.Json;
import io.edgepush.hub.client.Ledger;
import io.edgepush.hub.client.Message;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.WebSocketSubscriber;
import io.edgepush.service.testing.Wire;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketTransportTest extends StreamContract {
  @Override
  Wire wire() {
    return Wire.WEBSOCKET;
  }

  @Override
  Optional<Long> closeCode(Subscriber subscriber) {
    return subscriber.view().notice("ws-close").map(close -> close.number("code"));
  }

  private WebSocketSubscriber connect(int partitions, Ask ask) {
    return (WebSocketSubscriber)
        closing(wire().connect(nodeWith(partitions), ask)).awaitNotice("welcome");
  }

  private static void request(
      WebSocketSubscriber socket, int ref, String type, Topic topic, String more) {
    socket.send(
        "{\"type\":\""
            + type
            + "\",\"ref\":"
            + ref
            + ",\"topics\":[\""
            + topic
            + "\"]"
            + more
            + "}");
    socket.await(
        () ->
            socket
                .view()
                .notice(type + "d")
                .filter(n -> n.members().containsValue((long) ref))
                .isPresent());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aTopicThatIsAddedLaterIsNotReplayedFromBefore(int partitions) {
    Ledger ledger = new Ledger();
    Publisher publisher = new Publisher(nodeWith(partitions), ledger);
    List<Topic> topics = topics(2);
    WebSocketSubscriber socket = connect(partitions, Ask.of(topics.get(0)).behind(""));
    publisher.publish(topics);
    publisher.publish(topics);
    socket.awaitEvents(2);
    Ledger.Mark added = ledger.now(List.of(topics.get(1)));
    request(socket, 1, "subscribe", topics.get(1), "");
    publisher.publish(topics);
    socket.awaitEvents(4).cut();
    publisher.publish(topics);
    resume(partitions, Ask.of(topics), socket.view()).awaitEvents(6);

    assertEquals(ledger.ids(topics.get(1)).subList(2, 4), ofTopic(socket.view(), topics.get(1)));
    assertTrue(ledger.account(socket.view(), added).clean());
    assertTrue(ledger.account(socket.view(), ledger.all(topics.subList(0, 1))).clean());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aTopicCanBeAddedBehindACursorOfItsOwn(int partitions) {
    Ledger ledger = new Ledger();
    Publisher publisher = new Publisher(nodeWith(partitions), ledger);
    List<Topic> topics = topics(2);
    WebSocketSubscriber socket = connect(partitions, Ask.of(topics.get(0)));
    String from = publisher.publish(topics.get(1)).toString();
    publisher.publish(topics);
    publisher.publish(topics);
    socket.awaitEvents(2);
    request(socket, 7, "subscribe", topics.get(1), ",\"cursor\":\"" + from + "\"");

    assertEquals(ledger.ids(topics.get(1)).subList(1, 3), ofTopic(socket.view(), topics.get(1)));
    List<Message> messages = socket.view().connection();
    assertTrue(
        messages.indexOf(socket.view().notice("subscribed").orElseThrow())
            > messages.lastIndexOf(socket.view().connectionEvents().getLast()),
        "replayed events come before subscribed");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void nothingOfATopicComesBehindUnsubscribed(int partitions) {
    Publisher publisher = new Publisher(nodeWith(partitions), new Ledger());
    List<Topic> topics = topics(2);
    WebSocketSubscriber socket = connect(partitions, Ask.of(topics));
    publisher.publish(topics);
    socket.awaitEvents(2);
    request(socket, 2, "unsubscribe", topics.get(0), "");
    publisher.publish(topics);
    socket.awaitEvents(3);

    assertEquals(1, ofTopic(socket.view(), topics.get(0)).size());
    assertEquals(2, ofTopic(socket.view(), topics.get(1)).size());
    assertEquals(
        List.of(topics.get(0).name()),
        Json.list(socket.view().notice("unsubscribed").orElseThrow().members(), "topics"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void aPeerThatDoesNotAnswerPingsIsClosedWith4103AndOneThatDoesIsNot(int partitions) {
    Topic topic = topic();
    Subscriber good = subscribe(partitions, Ask.of(topic));
    Subscriber silent = closing(Wire.connectSilent(nodeWith(partitions), Ask.of(topic)));
    silent.await(() -> closeCode(silent).isPresent());

    assertEquals(Optional.of(4103L), closeCode(silent));
    long heartbeats =
        silent.view().connection().stream()
            .filter(m -> m instanceof Message.Notice notice && notice.type().equals("heartbeat"))
            .count();
    assertTrue(
        heartbeats >= 2 && heartbeats <= 3,
        () -> heartbeats + " heartbeats until it was taken for dead");
    silent.awaitEnd();
    new Publisher(nodeWith(partitions), new Ledger()).publish(topic);
    good.awaitEvents(1);
  }
}
