package io.edgepush.service.input;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BadHandshakeTest extends BadInput {
  private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  private static final String VERSION = "Sec-WebSocket-Version: 13\r\n";

  static Stream<RefusedRequest> handshakes() {
    return Stream.of(
        without("no version", VERSION, 426, "upgrade-required", "Sec-WebSocket-Version"),
        replaced(
            "version 8",
            VERSION,
            "Sec-WebSocket-Version: 8\r\n",
            426,
            "upgrade-required",
            "Sec-WebSocket-Version"),
        replaced(
            "two versions",
            VERSION,
            VERSION + VERSION,
            426,
            "upgrade-required",
            "Sec-WebSocket-Version"),
        without("no key", KEY, 400, "invalid-field", "Sec-WebSocket-Key"),
        replaced(
            "a key of 15 bytes",
            KEY,
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j\r\n",
            400,
            "invalid-field",
            "Sec-WebSocket-Key"),
        replaced(
            "a key that is not base64",
            KEY,
            "Sec-WebSocket-Key: ~\r\n",
            400,
            "invalid-field",
            "Sec-WebSocket-Key"));
  }

  static Stream<RefusedRequest> moreHandshakes() {
    return Stream.of(
        replaced("two keys", KEY, KEY + KEY, 400, "invalid-field", "Sec-WebSocket-Key"),
        without("no Connection", "Connection: Upgrade\r\n", 400, "invalid-field", "Connection"),
        replaced(
            "a Connection that only looks like it",
            "Connection: Upgrade",
            "Connection: x-upgrade",
            400,
            "invalid-field",
            "Connection"),
        request("POST", "POST /subscribe", RawWebSocket.HANDSHAKE, 405, "method-not-allowed", ""),
        request(
            "a bad topic",
            "GET /subscribe?topic=%20",
            RawWebSocket.HANDSHAKE,
            400,
            "invalid-topic",
            "topic"),
        request(
            "a bad cursor",
            "GET /subscribe?cursor=x",
            RawWebSocket.HANDSHAKE,
            400,
            "invalid-cursor",
            "cursor"),
        request("an unknown path", "GET /socket", RawWebSocket.HANDSHAKE, 404, "not-found", ""),
        replaced("HTTP/1.0", " HTTP/1.1", " HTTP/1.0", 400, "malformed", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"handshakes", "moreHandshakes"})
  void isAnsweredWithAProblem(RefusedRequest refused) throws IOException {
    refused.isWhat(LiveNode.exchange(node().port(), refused.request()));
  }

  @Test
  void anotherVersionLearnsWhichOneIsSpoken() throws IOException {
    HttpAnswer answer =
        LiveNode.exchange(node().port(), HttpText.request("GET /subscribe", "Upgrade: websocket"));
    assertAll(
        () -> assertEquals("websocket", answer.header("upgrade")),
        () -> assertEquals("13", answer.header("sec-websocket-version")));
  }

  @Test
  void aRefusedHandshakeLeavesTheConnectionToHttp() throws IOException {
    try (RawConnection connection = new RawConnection(node().port())) {
      connection.send(HttpText.request("GET /subscribe", "Upgrade: websocket"));
      assertEquals(426, connection.nextAnswer().status());
      connection.send(HttpText.request("GET /negotiate"));
      assertEquals(200, connection.nextAnswer().status());
    }
  }

  private static RefusedRequest without(
      String name, String line, int status, String code, String field) {
    return replaced(name, line, "", status, code, field);
  }

  private static RefusedRequest replaced(
      String name, String line, String other, int status, String code, String field) {
    String good = "GET /subscribe HTTP/1.1\r\n" + RawWebSocket.HANDSHAKE + "\r\n";
    return new RefusedRequest(name, HttpText.raw(good.replace(line, other)), status, code, field);
  }

  private static RefusedRequest request(
      String name, String line, String headers, int status, String code, String field) {
    return new RefusedRequest(
        name, HttpText.raw(line + " HTTP/1.1\r\n" + headers + "\r\n"), status, code, field);
  }
}
