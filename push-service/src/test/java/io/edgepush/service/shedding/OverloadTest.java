package io.edgepush.service.shedding;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawConnection;
import io.edgepush.service.input.RawWebSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A node that has too much to do, and one that has no more. */
class OverloadTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PATIENT = "--overload-patience=500ms";
  private static final int MARK = 4_000_000;

  /** Subscribes, and reads nothing. */
  private static Socket stuck(LiveNode node) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
    socket
        .getOutputStream()
        .write(HttpText.request("GET /subscribe?topic=flood", "Accept: text/event-stream"));
    return socket;
  }

  @Test
  void bytesThatWaitHaveTheNodeRefuseConnectionsThenPublishesAndServeAllWhenTheyAreGone()
      throws Exception {
    try (LiveNode node =
            LiveNode.development(
                "--overload-outbox-bytes=" + MARK, PATIENT, "--outbox-bytes=50_000_000");
        RawWebSocket old = new RawWebSocket(node.port(), "?topic=quiet")) {
      old.next("subscribed");
      Socket reader = stuck(node);
      await().until(() -> metric(node, "push_connections{transport=\"sse\"}") == 1);
      flood(node);

      awaitStep(node, 1);
      HttpAnswer refused = node.get("/negotiate");
      assertEquals(503, refused.status());
      assertEquals("unavailable", refused.json().path("code").asText());
      assertTrue(Integer.parseInt(refused.header("retry-after")) > 0);
      awaitStep(node, 3);
      HttpAnswer publish = publish(node, "quiet");
      assertEquals(503, publish.status());
      assertEquals("application/problem+json", publish.header("content-type"));
      assertTrue(Integer.parseInt(publish.header("retry-after")) > 0);
      HttpAnswer ready = get(node, "/health/ready");
      assertEquals(200, ready.status());
      assertTrue(ready.text().contains("publishes are refused"), ready.text());
      assertRefusedToSubscriber(old);
      assertEquals(200, get(node, "/v1/topics/quiet/events").status(), "reading goes on");
      assertTrue(metric(node, "push_shed_total{what=\"connections\"}") >= 1);
      assertTrue(metric(node, "push_shed_total{what=\"publishes\"}") >= 2);

      reader.close();
      await().atMost(PATIENCE).until(() -> metric(node, "push_shedding_step") == 0);
      assertEquals(200, publish(node, "quiet").status());
      old.next("event");
      node.serveOneEvent();
    }
  }

  private static void flood(LiveNode node) throws IOException {
    String data = "\"" + "x".repeat(60_000) + "\"";
    for (long sent = 0; metric(node, "push_outbox_bytes") < 1.5 * MARK; sent += data.length()) {
      assertTrue(sent < 20L * MARK, "nothing waits");
      HttpAnswer answer =
          LiveNode.exchange(
              node.privatePort(),
              HttpText.withBody("POST /v1/topics/flood", data, "Content-Type: application/json"));
      if (answer.status() == 503) {
        return;
      }
    }
  }

  private static void assertRefusedToSubscriber(RawWebSocket socket) throws IOException {
    socket.send("{\"type\":\"publish\",\"ref\":7,\"event\":{\"topic\":\"quiet\",\"data\":1}}");
    JsonNode error = socket.next("error");
    assertEquals("unavailable", error.path("code").asText());
    assertEquals(7, error.path("ref").asInt());
    assertTrue(error.path("retryAfterMs").asLong() > 0);
    socket.send("{\"type\":\"ping\",\"ref\":8}");
    assertEquals(8, socket.next("ack").path("ref").asInt(), "the connection goes on");
  }

  @Test
  void processorsThatAreBusyHaveTheNodeRefuseConnectionsUntilTheyAreNot() throws Exception {
    AtomicBoolean busy = new AtomicBoolean(true);
    try (LiveNode node = LiveNode.development("--overload-cpu=15", PATIENT)) {
      List<Thread> threads = new ArrayList<>();
      // more than there are processors, for others may want them, too
      for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
        threads.add(Thread.ofPlatform().daemon().start(() -> compute(busy)));
      }
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertEquals(503, node.get("/negotiate").status()));
      assertTrue(metric(node, "push_load_cpu") > 0);
      busy.set(false);
      for (Thread each : threads) {
        each.join();
      }
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertEquals(200, node.get("/negotiate").status()));
    } finally {
      busy.set(false);
    }
  }

  private static void compute(AtomicBoolean busy) {
    byte[] bytes = new byte[4_096];
    java.util.zip.CRC32 sum = new java.util.zip.CRC32();
    while (busy.get()) {
      sum.update(bytes);
    }
  }

  private static void awaitStep(LiveNode node, int atLeast) {
    await().atMost(PATIENCE).until(() -> metric(node, "push_shedding_step") >= atLeast);
  }

  private static double metric(LiveNode node, String name) throws IOException {
    return get(node, "/metrics")
        .text()
        .lines()
        .filter(l -> l.startsWith(name + " "))
        .mapToDouble(l -> Double.parseDouble(l.substring(name.length() + 1)))
        .sum();
  }

  private static HttpAnswer get(LiveNode node, String target) throws IOException {
    try (RawConnection connection = new RawConnection(node.privatePort())) {
      connection.send(HttpText.request("GET " + target));
      return connection.nextAnswer();
    }
  }

  private static HttpAnswer publish(LiveNode node, String topic) throws IOException {
    byte[] body = "1".getBytes(StandardCharsets.US_ASCII);
    return LiveNode.exchange(
        node.privatePort(),
        HttpText.withBody("POST /v1/topics/" + topic, body, "Content-Type: application/json"));
  }
}
