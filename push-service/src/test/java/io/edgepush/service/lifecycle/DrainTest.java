package io.edgepush.service.lifecycle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawConnection;
import io.edgepush.service.input.RawWebSocket;
import io.edgepush.service.input.RawWebSocket.ServerFrame;
import io.edgepush.wire.CloseReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SIGTERM does. */
class DrainTest {
  private static final int WINDOW_MS = 30_000;

  @TempDir private Path directory;
  private ServiceProcess service;
  private int port;
  private int privatePort;

  @BeforeEach
  void start() throws IOException {
    service = ServiceProcess.ready(directory, "--drain=" + WINDOW_MS + "ms");
    port = service.port("subscribe");
    privatePort = service.port("publish");
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void withoutClientsItEndsAtOnce() throws Exception {
    service.terminate();
    assertEquals(0, service.exitCode());
  }

  @Test
  void everyClientIsToldWhereToGoOnAndTheProcessEndsInOrder() throws Exception {
    try (RawWebSocket socket = new RawWebSocket(port, "?topic=a");
        RawConnection stream = new RawConnection(port);
        RawConnection poll = new RawConnection(port)) {
      String cursor = socket.next("subscribed").path("cursor").asText();
      stream.send(HttpText.request("GET /subscribe?topic=a", "Accept: text/event-stream"));
      poll.send(HttpText.request("GET /subscribe?topic=a&cursor=" + cursor));
      await().until(() -> subscribers("a") == 3);

      service.terminate();

      JsonNode reconnect = socket.next("reconnect");
      assertEquals("drain", reconnect.path("reason").asText());
      assertTrue(
          reconnect.path("delayMs").asInt(-1) >= 0
              && reconnect.path("delayMs").asInt() < WINDOW_MS);
      ServerFrame last = socket.closed();
      assertEquals(CloseReason.DRAIN.code(), last.closeCode());

      HttpAnswer answer = poll.nextAnswer();
      assertEquals(200, answer.status());
      assertEquals("1", answer.header("retry-after"));
      assertEquals(cursor, answer.json().path("cursor").asText());

      String text = new String(stream.rest(), StandardCharsets.UTF_8);
      assertTrue(
          text.contains("\nevent: reconnect\ndata: {\"type\":\"reconnect\",\"delayMs\":"), text);
      assertTrue(text.endsWith("\n\n"), text);
    }
    assertEquals(0, service.exitCode());
    List<String> ends = service.err().lines().filter(l -> l.contains(" ended: drain, ")).toList();
    for (String transport : List.of("websocket", "sse", "long-poll")) {
      assertEquals(
          1,
          ends.stream().filter(l -> l.contains(" transport " + transport + ",")).count(),
          ends::toString);
    }
  }

  @Test
  void aPollAloneGetsItsAnswer() throws Exception {
    try (RawConnection poll = new RawConnection(port)) {
      String cursor =
          LiveNode.exchange(port, HttpText.request("GET /subscribe?topic=a"))
              .json()
              .path("cursor")
              .asText();
      poll.send(HttpText.request("GET /subscribe?topic=a&cursor=" + cursor));
      await().until(() -> subscribers("a") == 1);
      service.terminate();
      assertEquals(200, poll.nextAnswer().status());
    }
    assertEquals(0, service.exitCode());
  }

  @Test
  void asLongAsAClientHoldsOnItIsNotReadyAndTakesNobodyNew() throws Exception {
    try (RawWebSocket socket = new RawWebSocket(port, "?topic=a")) {
      socket.next("subscribed");
      assertEquals(200, get(privatePort, "/health/ready").status());
      service.terminate();
      socket.next("reconnect");
      HttpAnswer ready = get(privatePort, "/health/ready");
      assertEquals(503, ready.status());
      assertEquals("{\"status\":\"DOWN\",\"detail\":\"draining\"}", ready.text());
      assertEquals(200, get(privatePort, "/health/live").status());
      HttpAnswer refused = get(port, "/negotiate");
      assertEquals(503, refused.status());
      assertEquals("unavailable", refused.json().path("code").asText());
      assertEquals("1", refused.header("retry-after"));
      assertTrue(service.isAlive());
      assertEquals(CloseReason.DRAIN.code(), socket.closed().closeCode());
    }
    assertEquals(0, service.exitCode());
  }

  private int subscribers(String topic) throws IOException {
    return get(privatePort, "/v1/topics/" + topic).json().path("localSubscribers").asInt();
  }

  private static HttpAnswer get(int port, String target) throws IOException {
    return LiveNode.exchange(port, HttpText.request("GET " + target));
  }
}
