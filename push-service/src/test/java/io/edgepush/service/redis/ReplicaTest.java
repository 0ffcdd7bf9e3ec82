package io.edgepush.service.redis;

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
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An edge region: nodes that receive from a replica near them, and publish at the master. */
class ReplicaTest {
  @RegisterExtension static final RedisServer MASTER = RedisServer.process();
  @RegisterExtension static final RedisServer REPLICA = RedisServer.process();

  @Test
  void whatIsStoredAtTheMasterArrivesThroughTheReplicaOverEachTransport() {
    REPLICA.command("REPLICAOF", "127.0.0.1", Integer.toString(MASTER.uri().getPort()));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                Objects.toString(REPLICA.command("INFO", "replication"))
                    .contains("link_status:up"));
    Topic topic = new Topic("edge");
    Ledger ledger = new Ledger();
    try (TestNode near = TestNode.start(MASTER, "edge");
        TestNode edge = TestNode.start(MASTER, "edge", "--redis-subscribe=" + REPLICA.uri());
        Subscriber webSocket = Wire.WEBSOCKET.subscribe(edge, Ask.of(topic));
        Subscriber sse = Wire.SSE.subscribe(edge, Ask.of(topic));
        Subscriber longPoll = Wire.LONG_POLL.subscribe(edge, Ask.of(topic))) {
      new Publisher(near, ledger).publish(topic, 50);
      new Publisher(edge, ledger).publish(topic, 50);
      for (Subscriber subscriber : List.of(webSocket, sse, longPoll)) {
        subscriber.awaitEvents(100);
        assertEquals(
            "100 published, 100 delivered, 0 lost, 0 twice, 0 out of order, 0 gaps announced",
            ledger.account(subscriber.view(), ledger.all(List.of(topic))).sentence());
      }
    }
  }
}
