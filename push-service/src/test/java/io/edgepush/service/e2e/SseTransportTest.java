package io.edgepush.service.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgepush.hub.client.ClientView;
import io.edgepush.hub.client.Ledger;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.Wire;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SseTransportTest extends StreamContract {
  @Override
  Wire wire() {
    return Wire.SSE;
  }

  @Override
  Optional<Long> closeCode(Subscriber subscriber) {
    return subscriber.view().notice("error").map(error -> error.number("close"));
  }

  @Test
  void eachIdIsACursorOfAllPartitionsSoThatAStreamCutBehindAnyEventResumes() {
    Ledger ledger = new Ledger();
    Publisher publisher = new Publisher(nodeWith(4), ledger);
    List<Topic> topics = topics(6);
    ClientView view = new ClientView();
    Ask ask = Ask.of(topics);
    closing(wire().connect(nodeWith(4), ask, view)).awaitNotice("subscribed").cut();
    for (int i = 1; i <= 12; i++) {
      publisher.publish(topics.get(i % 6));
      publisher.publish(topics.get((i * 5 + 1) % 6));
      Subscriber next =
          wire().connect(nodeWith(4), ask.lastEventId(view.cursor().toString()).cutAfter(2), view);
      next.awaitEvents(2 * i);
      next.awaitEnd();
      assertEquals(partitionsOf(topics, 4), view.cursor().positions().keySet());
    }

    assertClean(24, ledger, view, topics);
  }
}
