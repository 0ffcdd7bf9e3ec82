package io.edgepush.service.lifecycle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawConnection;
import io.edgepush.service.input.RawWebSocket;
import io.edgepush.service.testing.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A heap that fills up with what is retained. The mark is lower than one would have it, so that the
 * test ends before the heap does.
 */
class HeapTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> SMALL = List.of("-Xmx128m", "-XX:+UseG1GC");
  private static final int EVENT_BYTES = 60_000;
  private static final int EVENTS = 1_300;

  @TempDir private Path directory;
  private int port;
  private int privatePort;

  @Test
  void aFullHeapCostsNewConnectionsAndNoOldOnesUntilThereIsRoomAgain() throws Exception {
    try (ServiceProcess service =
        ServiceProcess.readyWith(
            directory,
            SMALL,
            "--overload-heap=60",
            "--overload-patience=1s",
            "--retention-bytes=1073741824",
            "--retention-events=1000000",
            "--retention-age=1h")) {
      port = service.port("subscribe");
      privatePort = service.port("publish");
      try (RawWebSocket old = new RawWebSocket(port, "?topic=small")) {
        old.next("subscribed");
        fill();
        HttpAnswer refused = get(port, "/negotiate");
        assertEquals("unavailable", refused.json().path("code").asText());
        assertTrue(Integer.parseInt(refused.header("retry-after")) > 0);
        HttpAnswer ready = get(privatePort, "/health/ready");
        assertEquals(200, ready.status());
        assertTrue(ready.text().contains("new connections are refused; CPU "), ready.text());
        assertTrue(metrics().contains("\npush_shedding_step 1.0\n"));
        assertTrue(
            service.err().contains("load shedding: new connections are refused"), service.err());
        assertEquals(200, publish("small", "1"));
        old.next("event");

        delete();
        awaitAnswer(200);
        await()
            .atMost(PATIENCE)
            .until(() -> service.err().contains("load shedding: everything is served"));
      }
      assertTrue(!service.err().contains("OutOfMemoryError"), service.err());
    }
  }

  /**
   * Fills the heap over its mark, and goes on with garbage until the node notices: it looks when
   * the collector was there.
   */
  private void fill() throws IOException {
    String data = "\"" + "x".repeat(EVENT_BYTES) + "\"";
    for (int i = 0; i < EVENTS && get(port, "/negotiate").status() == 200; i++) {
      assertEquals(200, publish("large", data));
    }
    awaitAnswer(503);
  }

  private void delete() throws IOException {
    HttpAnswer answer =
        LiveNode.exchange(privatePort, HttpText.request("DELETE /v1/topics/large/events"));
    assertEquals(200, answer.status());
  }

  /** What is not retained is garbage, and makes the collector come. */
  private int publishesUntilServed() throws IOException {
    publish("garbage", "\"" + "x".repeat(EVENT_BYTES) + "\"");
    LiveNode.exchange(privatePort, HttpText.request("DELETE /v1/topics/garbage/events"));
    return get(port, "/negotiate").status();
  }

  private void awaitAnswer(int status) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> publishesUntilServed() == status);
  }

  private String metrics() throws IOException {
    return get(privatePort, "/metrics").text();
  }

  private int publish(String topic, String data) throws IOException {
    try (RawConnection connection = new RawConnection(privatePort)) {
      connection.send(
          HttpText.withBody("POST /v1/topics/" + topic, data, "Content-Type: application/json"));
      return connection.nextAnswer().status();
    }
  }

  private static HttpAnswer get(int port, String target) throws IOException {
    return LiveNode.exchange(port, HttpText.request("GET " + target));
  }
}
