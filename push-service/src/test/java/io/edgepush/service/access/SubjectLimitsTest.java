package io.edgepush.service.access;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.RawWebSocket;
import io.edgepush.service.testing.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections of one subject at the same time: below the limit, over it, and afterwards. */
class SubjectLimitsTest {
  private static final String METER = "push_limited_total{limit=\"connections-per-subject\"}";

  @TempDir private Path directory;

  private GuardedNode node;

  @BeforeEach
  void start() throws IOException {
    node = GuardedNode.start(directory, "connections-per-subject: 2");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private RawWebSocket open(String token) throws IOException {
    RawWebSocket socket = new RawWebSocket(node.port(), "?topic=a&access_token=" + token);
    socket.next("subscribed");
    return socket;
  }

  private static void assertLimited(HttpAnswer answer, int most) {
    assertEquals(429, answer.status(), answer.text());
    assertEquals("1", answer.header("retry-after"));
    assertEquals(
        "\"connections-per-subject\";q=" + most + ";qu=\"concurrent-requests\"",
        answer.header("ratelimit-policy"));
    assertEquals("\"connections-per-subject\";r=0", answer.header("ratelimit"));
  }

  @Test
  void overTheLimitEachTransportIsRefusedAndAnotherSubjectIsNot() throws IOException {
    String bearer = "Authorization: Bearer " + GuardedNode.token("\"subscribe\":\"a\"");
    String token = GuardedNode.token("\"subscribe\":\"a\"");
    try (RawWebSocket first = open(token)) {
      RawWebSocket second = open(token);
      assertLimited(node.get("/subscribe?topic=a", bearer), 2);
      assertLimited(node.get("/subscribe?topic=a", bearer, "Accept: text/event-stream"), 2);
      assertLimited(node.get("/subscribe?topic=a", bearer, GuardedNode.WEB_SOCKET), 2);
      assertEquals(3, node.meter(METER));
      open(Tokens.hs256(Tokens.claims("eve", 60, "\"subscribe\":\"a\""))).close();
      second.close();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> node.get("/subscribe?topic=a", bearer).status() == 200);
      node.publish(GuardedNode.KEY, "a");
      first.next("event");
    }
  }

  @Test
  void aTokensOwnLimitHoldsInsteadForConnectionsAndPublishes() throws IOException {
    String claims =
        "\"subscribe\":\"a\",\"publish\":\"a\","
            + "\"limits\":{\"connections-per-subject\":1,\"publishes-per-second\":5}";
    String token = GuardedNode.token(claims);
    try (RawWebSocket socket = open(token)) {
      assertLimited(node.get("/subscribe?topic=a", "Authorization: Bearer " + token), 1);
      for (int i = 0; i < 50; i++) {
        socket.send("{\"type\":\"publish\",\"ref\":1,\"event\":{\"topic\":\"a\",\"data\":1}}");
      }
      assertTrue(socket.next("error").path("retryAfterMs").asLong() > 0);
    }
  }
}
