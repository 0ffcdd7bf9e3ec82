package io.edgepush.service.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.hub.client.Ledger;
import io.edgepush.hub.client.Message;
import io.edgepush.model.EventId;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.SentinelSetup;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.TestNode;
import io.edgepush.service.testing.Wire;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Another server becomes the master while clients are there, and while they are away. */
class FailOverTest {
  @RegisterExtension static final SentinelSetup SENTINELS = new SentinelSetup();

  private final Topic topic = new Topic("fail.over");
  private final Topic other = new Topic("fail.over.too");
  private final Ask ask = Ask.of(topic, other);
  private final Ledger ledger = new Ledger();

  @Test
  void clientsGetWhatSurvivedThenAGapThenWhatCameLaterWhetherTheyStayedOrNot() {
    try (TestNode near = TestNode.start("--redis=" + SENTINELS.uri(), "--partitions=4");
        TestNode far = TestNode.start("--redis=" + SENTINELS.uri(), "--partitions=4")) {
      Publisher publisher = new Publisher(near, ledger);
      publisher.publishAtLast(List.of(topic, other));
      Ledger.Mark now = ledger.now(List.of(topic, other));
      Map<Wire, Subscriber> away = new EnumMap<>(Wire.class);
      List<Subscriber> stayed = new ArrayList<>();
      for (Wire wire : Wire.values()) {
        away.put(wire, wire.subscribe(far, ask));
        stayed.add(wire.subscribe(far, ask));
      }
      publisher.publish(List.of(topic, other));
      List<Subscriber> all = new ArrayList<>(stayed);
      all.addAll(away.values());
      all.forEach(subscriber -> subscriber.awaitEvents(2));
      away.values().forEach(Subscriber::cut);
      List<EventId> survive = publisher.publish(List.of(topic, other));
      stayed.forEach(subscriber -> subscriber.awaitEvents(4));
      SENTINELS.awaitReplicated();

      SENTINELS.failOver();
      publisher.publishAtLast(List.of(topic, other));

      List<Subscriber> back = new ArrayList<>(stayed);
      away.forEach((wire, subscriber) -> back.add(wire.resume(near, ask, subscriber.view())));
      for (Subscriber subscriber : back) {
        subscriber.awaitEvents(6);
        List<EventId> came = subscriber.view().accepted().stream().map(e -> e.id()).toList();
        assertTrue(came.containsAll(survive), () -> survive + " not in " + came);
        assertEquals(
            List.of("epoch", "epoch"),
            subscriber.view().gaps().stream().map(Message.Gap::reason).toList());
        assertEquals(
            "6 published, 6 delivered, 0 lost, 0 twice, 0 out of order, 2 gaps announced",
            ledger.account(subscriber.view(), now).sentence().replaceFirst(" \\(.*", ""));
      }
      back.forEach(Subscriber::close);
    }
  }
}
