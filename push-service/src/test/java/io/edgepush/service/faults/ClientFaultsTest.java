package io.edgepush.service.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.testing.HttpSocket;
import io.edgepush.service.testing.RedisServer;
import io.edgepush.service.testing.Relay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Clients that read slowly, or not, or vanish, or come back all the time; and all the others. */
class ClientFaultsTest {
  @RegisterExtension static final RedisServer REDIS = RedisServer.process();

  @TempDir static Path directory;

  private static final int BAD = 20;
  private static final int OUTBOX_BYTES = 1 << 20;

  /** What else comes and goes on the heap of a node that serves 200 clients. */
  private static final int SLACK_BYTES = 6 << 20;

  private static final int CONNECTS_PER_SECOND = 20;

  /** Who comes from elsewhere may not connect without end; some events may be skipped. */
  private static final String CONFIGURATION =
      """
      connects-per-ip: %d
      client-classes:
        - name: others
          addresses: [127.0.0.1]
          connects-per-ip: 0
      namespaces:
        - name: skipped
          patterns: [skipped.**]
          overflow: drop-oldest
          retention-events: 10
      """
          .formatted(CONNECTS_PER_SECOND);

  private static Nodes nodes;

  @BeforeAll
  static void start() throws IOException {
    Path file = Files.writeString(directory.resolve("edgepush.yaml"), CONFIGURATION);
    String[] options = Scene.options("--config=" + file, "--outbox-bytes=" + OUTBOX_BYTES);
    nodes = new Nodes(directory, REDIS.uri().getPort(), options).start(1);
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  private static double closes(String reason) {
    return nodes.metric(0, "push_closes_total{reason=\"" + reason + "\"}");
  }

  @Test
  void readersThatStopOrReadAByteASecondAreEndedAtTheBoundAndNobodyElseNotices() {
    try (Scene scene = Scene.on(nodes);
        BadReaders _ = new BadReaders(nodes.publicPort(0), "topic=bulk", BAD)) {
      Outage nothing = Outage.of(scene);
      double ended = closes("slow-consumer");
      scene.until(
          "they are ended",
          () -> {
            Bulk.publish(nodes.privatePort(0), "bulk");
            return closes("slow-consumer") >= ended + BAD;
          });

      scene.assertNothingLost();
      assertEquals(List.of(), scene.press().answers());
      nothing.assertConnectionsStayed();
      assertEquals(ended + BAD, closes("slow-consumer"));
    }
  }

  /** Each has a topic of its own: frames of one topic are shared, and would cost once. */
  @Test
  void readersForWhomEventsAreSkippedHoldNoMoreThanTheirBound() {
    List<BadReaders> readers = new ArrayList<>();
    try (Scene scene = Scene.on(nodes)) {
      for (int i = 0; i < BAD; i++) {
        readers.add(new BadReaders(nodes.publicPort(0), "topic=skipped." + i, 1));
      }
      Bulk.publish(nodes.privatePort(0), "skipped.warm");
      double heap = nodes.heap(0);
      double skipped = nodes.metric(0, "push_skipped_total");
      while (nodes.metric(0, "push_skipped_total") < skipped + 10 * BAD) {
        for (int i = 0; i < BAD; i++) {
          Bulk.publish(nodes.privatePort(0), "skipped." + i);
        }
      }
      double more = nodes.heap(0) - heap;
      System.out.printf("%d bad readers: %.1f MiB more on the heap%n", BAD, more / (1 << 20));
      assertTrue(more <= (double) BAD * OUTBOX_BYTES + SLACK_BYTES, () -> more + " bytes more");

      scene.assertNothingLost();
    } finally {
      readers.forEach(BadReaders::close);
    }
  }

  @Test
  void webSocketsThatVanishWithoutAWordAreFoundByTheHeartbeat() throws IOException {
    List<HttpSocket> vanished = new ArrayList<>();
    try (Scene scene = Scene.on(nodes);
        Relay relay = Relay.to(nodes.publicPort(0))) {
      Outage nothing = Outage.of(scene);
      double ended = closes("timeout");
      for (int i = 0; i < BAD; i++) {
        HttpSocket socket = new HttpSocket(relay.port(), 0);
        vanished.add(socket);
        socket.get(
            "/subscribe?topic=vanished",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        assertTrue(socket.head().startsWith("http/1.1 101 "));
      }
      relay.blackHole();
      scene.until("they are found", () -> closes("timeout") >= ended + BAD);

      scene.assertNothingLost();
      nothing.assertConnectionsStayed();
    } finally {
      vanished.forEach(HttpSocket::close);
    }
  }

  @Test
  void aClientThatConnectsAHundredTimesASecondIsLimitedAndNobodyElseNotices() throws IOException {
    try (Scene scene = Scene.on(nodes)) {
      Outage nothing = Outage.of(scene);
      Storm storm = Storm.of(nodes.publicPort(0), Scene.LONG ? 3_000 : 300, 100);

      assertTrue(storm.welcome() > 0, "within the limit it is served");
      assertTrue(storm.welcome() <= storm.most(CONNECTS_PER_SECOND), storm::toString);
      assertEquals(storm.tries(), storm.welcome() + storm.limited(), storm::toString);
      scene.assertNothingLost();
      nothing.assertConnectionsStayed();
    }
  }
}
