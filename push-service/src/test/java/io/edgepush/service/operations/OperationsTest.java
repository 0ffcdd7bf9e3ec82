package io.edgepush.service.operations;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.ClientFrame;
import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawConnection;
import io.edgepush.service.input.RawWebSocket;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.WireFormat;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperationsTest {
  private LiveNode node;

  @BeforeEach
  void start() throws IOException {
    node = LiveNode.development();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void aNodeThatServesIsLiveAndReady() throws IOException {
    HttpAnswer live = get("/health/live");
    assertEquals(200, live.status());
    assertEquals("{\"status\":\"UP\",\"detail\":\"up\"}", live.text());
    HttpAnswer ready = get("/health/ready");
    assertEquals(200, ready.status());
    assertEquals("{\"status\":\"UP\",\"detail\":\"ready\"}", ready.text());
    assertEquals("no-store", ready.header("cache-control"));
  }

  @Test
  void metricsAreInTheFormatThatTheySayTheyAre() throws IOException {
    HttpAnswer answer = get("/metrics");
    assertEquals("text/plain; version=0.0.4; charset=utf-8", answer.header("content-type"));
    assertTrue(PrometheusText.parse(answer.text()).samples().size() > 50, answer.text());
  }

  @Test
  void everyMeterIsThereFromTheStart() throws IOException {
    PrometheusText metrics = metrics();
    Map<String, String> types =
        Map.of(
            "push_connections",
            "gauge",
            "push_closes_total",
            "counter",
            "push_events_total",
            "counter",
            "push_deliveries_total",
            "counter",
            "push_replays_total",
            "counter",
            "push_replayed_events_total",
            "counter",
            "push_gaps_total",
            "counter",
            "push_delivery_latency_milliseconds",
            "histogram");
    types.forEach((name, type) -> assertEquals(type, metrics.types().get(name), name));
    for (WireFormat format : WireFormat.values()) {
      assertEquals(0, metrics.sample("push_connections{transport=\"" + format.transport() + "\"}"));
    }
    for (CloseReason reason : CloseReason.values()) {
      assertEquals(0, metrics.sample("push_closes_total{reason=\"" + reason.slug() + "\"}"));
    }
    assertTrue(metrics.types().keySet().stream().anyMatch(n -> n.startsWith("jvm_memory_")));
    assertTrue(metrics.types().keySet().stream().anyMatch(n -> n.startsWith("jvm_threads_")));
    assertTrue(metrics.types().keySet().stream().anyMatch(n -> n.startsWith("system_cpu_")));
  }

  @Test
  void metersCountWhatHappens() throws IOException {
    try (RawWebSocket socket = new RawWebSocket(node.port(), "?topic=a");
        RawConnection stream = new RawConnection(node.port())) {
      socket.next("subscribed");
      stream.send(HttpText.request("GET /subscribe?topic=a", "Accept: text/event-stream"));
      await().until(() -> metrics().sample("push_connections{transport=\"sse\"}") == 1);
      assertEquals(1, metrics().sample("push_connections{transport=\"websocket\"}"));
      node.publish("a", "1");
      socket.next("event");
      assertEquals(200, node.get("/subscribe?topic=a&replay=1").status());
      await()
          .untilAsserted(
              () -> {
                PrometheusText metrics = metrics();
                assertEquals(1, metrics.sample("push_events_total"));
                assertEquals(3, metrics.sample("push_deliveries_total"));
                assertEquals(1, metrics.sample("push_replays_total"));
                assertEquals(1, metrics.sample("push_replayed_events_total"));
                double sweeps = metrics.sample("push_delivery_latency_milliseconds_count");
                assertTrue(sweeps >= 1, "once a sweep");
                assertEquals(
                    sweeps,
                    metrics.sample("push_delivery_latency_milliseconds_bucket{le=\"+Inf\"}"));
              });
      socket.send(ClientFrame.close(1000));
      assertEquals(1000, socket.closed().closeCode());
    }
    await()
        .untilAsserted(
            () -> {
              PrometheusText metrics = metrics();
              assertEquals(0, metrics.sample("push_connections{transport=\"websocket\"}"));
              assertEquals(0, metrics.sample("push_connections{transport=\"sse\"}"));
              assertEquals(
                  2,
                  metrics.sample("push_closes_total{reason=\"normal\"}"),
                  "the WebSocket and the poll");
              assertEquals(
                  1, metrics.sample("push_closes_total{reason=\"gone\"}"), "the event stream");
            });
  }

  @Test
  void aReplayThatHasAGapCountsIt() throws IOException {
    String cursor = "0:0therEpoch:1-0";
    assertEquals(1, node.get("/subscribe?topic=a&cursor=" + cursor).json().path("gaps").size());
    assertEquals(1, metrics().sample("push_gaps_total"));
  }

  @Test
  void whatIsPrivateIsNotOnThePublicPort() throws IOException {
    for (String path :
        new String[] {
          "/metrics", "/health/live", "/health/ready", "/v1/topics/a", "/openapi.yaml"
        }) {
      assertEquals(404, node.get(path).status(), path);
    }
  }

  private PrometheusText metrics() throws IOException {
    return PrometheusText.parse(get("/metrics").text());
  }

  private HttpAnswer get(String target) throws IOException {
    return LiveNode.exchange(node.privatePort(), HttpText.request("GET " + target));
  }
}
