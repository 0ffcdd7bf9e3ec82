package io.edgepush.service.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.RawConnection;
import io.edgepush.service.input.RawWebSocket;
import io.edgepush.service.testing.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Subscribers with tokens, over real connections. */
class SubscriberTokenTest {
  private static final String SSE = "Accept: text/event-stream";

  private static GuardedNode node;

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    node =
        GuardedNode.start(
            directory,
            "token-cookie: __Host-push\norigins: https://app.example\ntoken-leeway: 0s\n"
                + "token-warning: 1h");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void aTokenIsTakenFromEachPlaceOnEachTransport() throws IOException {
    String token = GuardedNode.token("\"subscribe\":\"a.*\"");
    String origin = "Origin: https://app.example";
    List<String> places =
        List.of(
            "Authorization: Bearer " + token,
            "Authorization: bearer " + token,
            "Cookie: x=y; __Host-push=" + token + "\r\n" + origin);
    for (String place : places) {
      assertEquals(200, node.get("/subscribe?topic=a.1", place).status(), place);
      head(SSE + "\r\n" + place, "/subscribe?topic=a.1", " 200 ");
      head(GuardedNode.WEB_SOCKET + "\r\n" + place, "/subscribe?topic=a.1", " 101 ");
      assertEquals(403, node.get("/subscribe?topic=b", place).status(), place);
    }
    String query = "&access_token=" + token;
    assertEquals(200, node.get("/subscribe?topic=a.1" + query).status());
    head(SSE, "/subscribe?topic=a.1" + query, " 200 ");
    head(GuardedNode.WEB_SOCKET, "/subscribe?topic=a.1" + query, " 101 ");
  }

  private static void head(String headers, String target, String status) throws IOException {
    try (RawConnection connection = new RawConnection(node.port())) {
      connection.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n");
      String head = connection.nextUpTo("\r\n\r\n");
      assertTrue(head.lines().findFirst().orElseThrow().contains(status), head);
    }
  }

  @Test
  void theFirstPlaceCountsAndTheOthersAreNotLookedAt() throws IOException {
    String good = GuardedNode.token("\"subscribe\":\"a\"");
    String url = "/subscribe?topic=a&access_token=";
    assertEquals(401, node.get(url + good, "Authorization: Bearer bad").status());
    assertEquals(200, node.get(url + "bad", "Authorization: Bearer " + good).status());
    String cookie = "Cookie: __Host-push=" + good;
    String origin = "Origin: https://app.example";
    assertEquals(401, node.get(url + "bad", cookie, origin).status());
    assertEquals(400, node.get(url + good + "&access_token=" + good).status());
  }

  @Test
  void aCookieCountsOnlyForPagesThatMay() throws IOException {
    String cookie = "Cookie: __Host-push=" + GuardedNode.token("\"subscribe\":\"a\"");
    assertEquals(200, node.get("/subscribe?topic=a", cookie, "Origin: http://localhost").status());
    assertEquals(
        200, node.get("/subscribe?topic=a", cookie, "Sec-Fetch-Site: same-origin").status());
    for (String page :
        List.of(
            "X-None: 1",
            "Origin: https://evil.example",
            "Origin: null",
            "Origin: https://app.example.evil.example",
            "Sec-Fetch-Site: cross-site")) {
      assertEquals(401, node.get("/subscribe?topic=a", cookie, page).status(), page);
    }
    assertEquals(
        401,
        node.get("/subscribe?topic=a", cookie + "; __Host-push=x", "Origin: http://localhost")
            .status(),
        "which of the two is meant is not known");
  }

  @Test
  void allRefusalsOfATokenReadTheSame() throws IOException {
    Set<String> answers = new HashSet<>();
    for (String bad :
        List.of(
            "x",
            "..",
            Tokens.hs256(Tokens.claims("bob", -60, "\"subscribe\":\"a\"")),
            Tokens.hs256("{}"),
            GuardedNode.token("\"subscribe\":\"a\"") + "A",
            Tokens.encoded("{\"alg\":\"none\"}") + "." + Tokens.encoded("{}") + ".")) {
      HttpAnswer answer = node.get("/subscribe?topic=a", "Authorization: Bearer " + bad);
      assertEquals("Bearer", answer.header("www-authenticate"));
      answers.add(answer.status() + answer.header("content-type") + answer.text());
    }
    assertEquals(1, answers.size(), answers::toString);
    assertTrue(answers.iterator().next().startsWith("401application/problem+json"));
  }

  @Test
  void withoutATokenNothingIsOpen() throws IOException {
    assertEquals(401, node.get("/subscribe?topic=a").status());
    assertEquals(401, node.get("/subscribe?topic=a", SSE).status());
    assertEquals(401, node.get("/subscribe?topic=a", GuardedNode.WEB_SOCKET).status());
  }

  @Test
  void theFirstMessageMayPresentTheToken() throws IOException {
    try (RawWebSocket socket = new RawWebSocket(node.port(), "")) {
      socket.send("{\"type\":\"subscribe\",\"ref\":1,\"topics\":[\"a\"]}");
      assertEquals("forbidden", socket.next("error").path("code").asText());
      auth(socket, GuardedNode.token("\"subscribe\":\"a\",\"publish\":\"a\""));
      socket.next("ack");
      socket.send("{\"type\":\"subscribe\",\"ref\":3,\"topics\":[\"a\",\"b\"]}");
      assertEquals("b", socket.next("error").path("topic").asText());
      assertEquals(1, socket.next("subscribed").path("topics").size());
      socket.send("{\"type\":\"publish\",\"ref\":4,\"event\":{\"topic\":\"a\",\"data\":1}}");
      socket.next("event");
      socket.send("{\"type\":\"publish\",\"ref\":5,\"event\":{\"topic\":\"b\",\"data\":1}}");
      assertEquals("forbidden", socket.next("error").path("code").asText());
    }
  }

  private static void auth(RawWebSocket socket, String token) throws IOException {
    socket.send("{\"type\":\"auth\",\"ref\":2,\"token\":\"" + token + "\"}");
  }

  @Test
  void aConnectionThatPresentsNoTokenIsClosed() throws IOException {
    try (RawWebSocket socket = new RawWebSocket(node.port(), "")) {
      socket.next("welcome");
      assertEquals(4001, socket.closed().closeCode());
    }
  }

  @Test
  void aBadTokenInAMessageEndsTheConnection() throws IOException {
    try (RawWebSocket socket = new RawWebSocket(node.port(), "")) {
      auth(socket, "bad");
      assertEquals("unauthenticated", socket.next("error").path("code").asText());
      assertEquals(4001, socket.closed().closeCode());
    }
  }

  @Test
  void topicsThatAnotherTokenDoesNotPermitAreUnsubscribed() throws IOException {
    String token = GuardedNode.token("\"subscribe\":[\"a\",\"b\"]");
    try (RawWebSocket socket =
        new RawWebSocket(node.port(), "?topic=a&topic=b&access_token=" + token)) {
      socket.next("subscribed");
      auth(socket, GuardedNode.token("\"subscribe\":\"b\""));
      JsonNode why = socket.next("error");
      assertEquals("forbidden a", why.path("code").asText() + " " + why.path("topic").asText());
      JsonNode lost = socket.next("unsubscribed");
      assertEquals("[\"a\"]", lost.path("topics").toString());
      assertEquals("forbidden", lost.path("reason").asText());
      socket.next("ack");
      node.publish(GuardedNode.KEY, "a");
      node.publish(GuardedNode.KEY, "b");
      assertEquals("b", socket.next("event").path("event").path("topic").asText());
    }
  }

  @Test
  void aTokenOfSomebodyElseIsRefusedAndTheFirstGoesOn() throws IOException {
    String token = GuardedNode.token("\"subscribe\":\"a\"");
    try (RawWebSocket socket = new RawWebSocket(node.port(), "?topic=a&access_token=" + token)) {
      socket.next("subscribed");
      auth(socket, Tokens.hs256(Tokens.claims("eve", 60, "\"subscribe\":\"**\"")));
      assertEquals("forbidden", socket.next("error").path("code").asText());
      socket.send("{\"type\":\"subscribe\",\"ref\":9,\"topics\":[\"b\"]}");
      assertEquals("forbidden", socket.next("error").path("code").asText());
    }
  }

  @Test
  void aConnectionIsWarnedAndEndsWithItsToken() throws IOException {
    String token = Tokens.hs256(Tokens.claims("bob", 2, "\"subscribe\":\"a\""));
    try (RawWebSocket socket = new RawWebSocket(node.port(), "?topic=a&access_token=" + token)) {
      assertTrue(socket.next("token-expiring").path("expiresInMs").asLong() > 0);
      assertEquals(4001, socket.closed().closeCode());
    }
  }

  @Test
  void aConnectionGoesOnWithAnotherToken() throws IOException {
    String token = Tokens.hs256(Tokens.claims("bob", 30, "\"subscribe\":\"a\""));
    try (RawWebSocket socket = new RawWebSocket(node.port(), "?topic=a&access_token=" + token)) {
      socket.next("token-expiring");
      auth(socket, Tokens.hs256(Tokens.claims("bob", 90, "\"subscribe\":\"a\"")));
      socket.next("ack");
      long left = socket.next("token-expiring").path("expiresInMs").asLong();
      assertTrue(left > 31_000, "of the second token: " + left);
    }
  }

  @Test
  void anEventStreamIsRefreshedByARequest() throws IOException {
    String token = Tokens.hs256(Tokens.claims("bob", 30, "\"subscribe\":[\"a\",\"b\"]"));
    try (RawConnection stream = new RawConnection(node.port())) {
      stream.send(
          "GET /subscribe?topic=a&topic=b&access_token="
              + token
              + " HTTP/1.1\r\nHost: localhost\r\n"
              + SSE
              + "\r\n\r\n");
      String welcome = stream.nextUpTo("heartbeatMs");
      String session = welcome.replaceAll("(?s).*\"session\":\"(\\w+)\".*", "$1");
      assertEquals(401, refresh(session, "bad").status());
      assertEquals(
          403,
          refresh(session, Tokens.hs256(Tokens.claims("eve", 60, "\"subscribe\":\"a\""))).status());
      String next = Tokens.hs256(Tokens.claims("bob", 60, "\"subscribe\":\"b\""));
      assertEquals(404, refresh("000000000000", next).status());
      assertEquals(401, refresh("000000000000", "bad").status(), "not a word of sessions");
      HttpAnswer answer = refresh(session, next);
      assertEquals(200, answer.status(), answer.text());
      assertTrue(answer.json().path("expiresInMs").asLong() > 10_000);
      stream.nextUpTo("\"type\":\"unsubscribed\",\"topics\":[\"a\"],\"reason\":\"forbidden\"");
      node.publish(GuardedNode.KEY, "a");
      node.publish(GuardedNode.KEY, "b");
      String event = stream.nextUpTo("\"data\":1}");
      assertTrue(event.contains("\"topic\":\"b\""), event);
      assertFalse(event.contains("\"topic\":\"a\""), event);
    }
  }

  private static HttpAnswer refresh(String session, String token) throws IOException {
    return node.post(
        node.port(),
        "/auth",
        "{\"session\":\"" + session + "\",\"token\":\"" + token + "\"}",
        "Content-Type: application/json");
  }

  @Test
  void anEventStreamIsToldThatItsTokenEnded() throws IOException {
    String token = Tokens.hs256(Tokens.claims("bob", 2, "\"subscribe\":\"a\""));
    try (RawConnection stream = new RawConnection(node.port())) {
      stream.send(
          "GET /subscribe?topic=a HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + token
              + "\r\n"
              + SSE
              + "\r\n\r\n");
      stream.nextUpTo("event: token-expiring");
      stream.nextUpTo("\"code\":\"unauthenticated\"");
      stream.nextUpTo("\"close\":4001");
    }
  }

  @Test
  void aPageOfAnotherOriginGetsNoWebSocket() throws IOException {
    String token = GuardedNode.token("\"subscribe\":\"a\"");
    String query = "?topic=a&access_token=" + token;
    assertThrows(
        IOException.class,
        () -> new RawWebSocket(node.port(), query, "Origin: https://evil.example"));
    HttpAnswer refused =
        node.get("/subscribe" + query, GuardedNode.WEB_SOCKET, "Origin: https://evil.example");
    assertEquals(403, refused.status());
    assertEquals("Origin", refused.json().path("field").asText());
    for (String origin :
        List.of("https://app.example", "HTTPS://APP.example", "http://localhost")) {
      new RawWebSocket(node.port(), query, "Origin: " + origin).close();
    }
  }
}
