package io.edgepush.service.edge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.ClientFrame;
import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawConnection;
import io.edgepush.service.input.RawWebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeListenerTest {
  private static final String SSE = "Accept: text/event-stream";

  @Test
  void requestsFollowEachOtherOnAConnection() throws IOException {
    try (LiveNode node = LiveNode.development();
        RawConnection connection = new RawConnection(node.port())) {
      connection.send(
          ClientFrame.join(
              HttpText.request("GET /negotiate"),
              HttpText.request("GET /nothing"),
              HttpText.request("GET /client.js")));
      assertEquals(200, connection.nextAnswer().status());
      assertEquals(404, connection.nextAnswer().status());
      assertEquals(200, connection.nextAnswer().status());
    }
  }

  @Test
  void frameThatComesRightBehindTheHandshakeIsNotLost() throws IOException {
    try (LiveNode node = LiveNode.development();
        RawConnection connection = new RawConnection(node.port())) {
      byte[] handshake =
          HttpText.raw("GET /subscribe HTTP/1.1\r\n" + RawWebSocket.HANDSHAKE + "\r\n");
      connection.send(
          ClientFrame.join(
              handshake,
              ClientFrame.text("{\"type\":\"ping\",\"ref\":1}"),
              ClientFrame.close(1000)));
      String all = new String(connection.rest(), StandardCharsets.ISO_8859_1);
      assertTrue(all.startsWith("HTTP/1.1 101 Switching Protocols\r\n"), all);
      assertTrue(all.contains("{\"type\":\"welcome\""), all);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Accept: text/event-stream",
        "accept: application/json, text/event-stream;q=0.9",
        "Accept: text/event-stream\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
      })
  void whoeverAcceptsAnEventStreamGetsOne(String headers) throws IOException {
    try (LiveNode node = LiveNode.development();
        RawConnection connection = new RawConnection(node.port())) {
      connection.send(HttpText.request("GET /subscribe?topic=a", headers));
      HttpAnswer head = connection.nextAnswer();
      assertEquals("text/event-stream", head.header("content-type"));
      assertEquals("no-store", head.header("cache-control"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "WebSocket", "WEBSOCKET"})
  void upgradeIsReadWithoutRegardToCase(String name) throws IOException {
    try (LiveNode node = LiveNode.development();
        RawConnection connection = new RawConnection(node.port())) {
      String headers =
          RawWebSocket.HANDSHAKE
              .replace("websocket", name)
              .replace(": Upgrade", ": keep-alive, upgrade");
      connection.send("GET /subscribe HTTP/1.1\r\n" + headers + "\r\n");
      HttpAnswer head = connection.nextAnswer();
      assertEquals(101, head.status());
      // the example of RFC 6455, section 1.3
      assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", head.header("sec-websocket-accept"));
    }
  }

  @Test
  void theSubprotocolIsSelectedWhenItIsOffered() throws IOException {
    try (LiveNode node = LiveNode.development()) {
      assertEquals(
          "push.v1.json", subprotocol(node, "Sec-WebSocket-Protocol: chat, push.v1.json\r\n"));
      assertEquals("", subprotocol(node, "Sec-WebSocket-Protocol: chat, push.v2.json\r\n"));
      assertEquals("", subprotocol(node, ""));
    }
  }

  private static String subprotocol(LiveNode node, String header) throws IOException {
    try (RawConnection connection = new RawConnection(node.port())) {
      connection.send("GET /subscribe HTTP/1.1\r\n" + RawWebSocket.HANDSHAKE + header + "\r\n");
      return connection.nextAnswer().header("sec-websocket-protocol");
    }
  }

  @Test
  void overTheCapANewConnectionIsRefusedAndOneThatEndsMakesRoom() throws IOException {
    try (LiveNode node = LiveNode.development("--max-connections=2")) {
      List<RawWebSocket> open = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        open.add(new RawWebSocket(node.port(), "?topic=a"));
        open.getLast().next("subscribed");
      }
      HttpAnswer refused = node.get("/negotiate");
      assertEquals(503, refused.status());
      assertEquals("unavailable", refused.json().path("code").asText());
      assertEquals("1", refused.header("retry-after"));
      open.removeLast().close();
      await().until(() -> node.get("/negotiate").status() == 200);
      open.getLast().send("{\"type\":\"ping\",\"ref\":1}");
      open.getLast().next("ack");
      open.getLast().close();
    }
  }

  @Test
  void aClientThatIsRefusedBecauseOfItsTokenLearnsItWhateverTheTransport(@TempDir Path directory)
      throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("edgepush.yaml"),
            """
        publisher-keys: [{name: a, sha256: "%s"}]
        namespaces: [{name: open, patterns: [open.*], anonymous-subscribe: true}]
        """
                .formatted("a".repeat(64)));
    try (LiveNode node = LiveNode.production(file)) {
      String webSocket = RawWebSocket.HANDSHAKE.replace("Host: localhost\r\n", "").strip();
      for (String transport : List.of(webSocket, SSE, "Accept: */*")) {
        assertProblem(
            401,
            "unauthenticated",
            "",
            node.get("/subscribe?topic=open.a&access_token=bad", transport));
        assertProblem(
            403, "forbidden", "topic", node.get("/subscribe?topic=open.a&topic=closed", transport));
      }
      HttpAnswer noTopic = node.get("/subscribe", webSocket, "Authorization: Bearer bad");
      assertProblem(401, "unauthenticated", "", noTopic);
      assertEquals("Bearer", noTopic.header("www-authenticate"));
      assertEquals(200, node.get("/subscribe?topic=open.a").status());
    }
  }

  private static void assertProblem(int status, String code, String field, HttpAnswer answer) {
    assertEquals(status, answer.status(), answer.text());
    assertEquals(code, answer.json().path("code").asText());
    assertEquals(field, answer.json().path("field").asText());
  }
}
