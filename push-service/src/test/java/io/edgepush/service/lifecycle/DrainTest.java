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
import io.edgepush.service.testing.ServiceProcess;
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
      int after = Integer.parseInt(answer.header("retry-after"));
      assertTrue(after >= 1 && after <= WINDOW_MS / 1_000, "some time of the window: " + after);
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

  @Test
  void onConnectionsThatAreKeptClientsAreRefusedAndPublishersAreAnsweredForTheLastTime()
      throws Exception {
    try (RawWebSocket socket = new RawWebSocket(port, "?topic=a");
        RawConnection client = new RawConnection(port);
        RawConnection publisher = new RawConnection(privatePort)) {
      socket.next("subscribed");
      client.send(HttpText.request("GET /negotiate"));
      assertEquals(200, client.nextAnswer().status());
      publisher.send(event());
      assertEquals("", published(publisher).header("connection").replace("keep-alive", ""));
      service.terminate();
      socket.next("reconnect");
      client.send(HttpText.request("GET /subscribe?topic=a"));
      HttpAnswer refused = client.nextAnswer();
      assertEquals(503, refused.status());
      assertEquals("1", refused.header("retry-after"));
      assertEquals(0, client.rest().length);
      publisher.send(event());
      assertEquals("close", published(publisher).header("connection"));
      assertEquals(0, publisher.rest().length);
    }
    assertEquals(0, service.exitCode());
  }

  private static byte[] event() {
    return HttpText.withBody("POST /v1/topics/b", "1", "Content-Type: application/json");
  }

  private static HttpAnswer published(RawConnection publisher) throws IOException {
    HttpAnswer answer = publisher.nextAnswer();
    assertEquals(200, answer.status(), answer.text());
    return answer;
  }

  @Test
  void aStreamOfPublishesIsAnsweredForWhatItStored() throws Exception {
    try (RawConnection publisher = new RawConnection(privatePort)) {
      publisher.send(
          HttpText.request(
              "POST /v1/events",
              "Content-Type: application/x-ndjson",
              "Transfer-Encoding: chunked"));
      publisher.send(chunk("{\"topic\":\"a\",\"data\":1}\n"));
      await().until(() -> retained("a") == 1);
      service.terminate();
      await()
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> get(privatePort, "/openapi.yaml").status() == 503);
      publisher.send(chunk("{\"topic\":\"a\",\"data\":2}\n") + "0\r\n\r\n");
      HttpAnswer answer = publisher.nextAnswer();
      assertEquals(207, answer.status(), answer.text());
      assertEquals(1, answer.json().path("stored").asInt());
      assertEquals(false, answer.json().path("complete").asBoolean(true));
      JsonNode error = answer.json().path("errors").path(0).path("error");
      assertEquals("unavailable", error.path("code").asText());
      assertTrue(error.path("retryAfterMs").asLong() > 0, answer.text());
    }
    assertEquals(0, service.exitCode());
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private int retained(String topic) throws IOException {
    return get(privatePort, "/v1/topics/" + topic).json().path("retained").asInt();
  }

  @Test
  void aSecondSignalEndsItAtOnce() throws Exception {
    try (RawWebSocket socket = new RawWebSocket(port, "?topic=a")) {
      socket.next("subscribed");
      service.terminate();
      socket.next("reconnect");
      service.terminate();
      assertEquals(143, service.exitCode());
    }
  }

  private int subscribers(String topic) throws IOException {
    return get(privatePort, "/v1/topics/" + topic).json().path("localSubscribers").asInt();
  }

  private static HttpAnswer get(int port, String target) throws IOException {
    return LiveNode.exchange(port, HttpText.request("GET " + target));
  }
}
