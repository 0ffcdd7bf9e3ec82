package io.edgepush.service.limits;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawConnection;
import io.edgepush.service.input.RawWebSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits on making and having connections: below them, over them, and afterwards. */
class ConnectionLimitsTest {
  private static final int RATE = 20;
  private static final String NEGOTIATE = "/negotiate";

  private static HttpAnswer refusedOf(LiveNode node, int tries) throws IOException {
    for (int i = 0; i < tries; i++) {
      HttpAnswer answer = node.get(NEGOTIATE);
      if (answer.status() != 200) {
        return answer;
      }
    }
    throw new AssertionError("nothing was refused");
  }

  private static void assertLimited(HttpAnswer answer, String policy, String state) {
    assertEquals(429, answer.status());
    assertEquals("too-many-requests", answer.json().path("code").asText());
    assertEquals(policy, answer.header("ratelimit-policy"));
    assertEquals(state, answer.header("ratelimit"));
    assertEquals("1", answer.header("retry-after"));
    assertTrue(answer.json().path("retryAfterMs").asLong() > 0);
  }

  private static void awaitServed(LiveNode node, String target, String... headers) {
    await().atMost(Duration.ofSeconds(20)).until(() -> node.get(target, headers).status() == 200);
  }

  @Test
  void newConnectionsOfOneAddress() throws IOException {
    try (LiveNode node = LiveNode.development("--connects-per-ip=" + RATE)) {
      Steady.below(RATE, _ -> assertEquals(200, node.get(NEGOTIATE).status()));
      HttpAnswer refused = refusedOf(node, 3 * RATE);
      assertLimited(
          refused, "\"connects-per-ip\";q=" + RATE + ";w=1", "\"connects-per-ip\";r=0;t=1");
      Steady.pause(1_000L * Integer.parseInt(refused.header("retry-after")));
      assertEquals(200, node.get(NEGOTIATE).status());
      assertTrue(metric(node, "push_limited_total{limit=\"connects-per-ip\"}") >= 1);
    }
  }

  static double metric(LiveNode node, String name) throws IOException {
    String text = LiveNode.exchange(node.privatePort(), HttpText.request("GET /metrics")).text();
    return text.lines()
        .filter(l -> l.startsWith(name + " "))
        .mapToDouble(l -> Double.parseDouble(l.substring(name.length() + 1)))
        .sum();
  }

  @Test
  void connectionsOfOneAddressAtTheSameTime() throws IOException {
    try (LiveNode node = LiveNode.development("--connections-per-ip=3")) {
      List<RawWebSocket> open = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        open.add(new RawWebSocket(node.port(), "?topic=a"));
        open.getLast().next("subscribed");
      }
      assertLimited(
          node.get(NEGOTIATE),
          "\"connections-per-ip\";q=3;qu=\"concurrent-requests\"",
          "\"connections-per-ip\";r=0");
      open.removeFirst().close();
      awaitServed(node, NEGOTIATE);
      open.forEach(ConnectionLimitsTest::close);
    }
  }

  private static void close(RawWebSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void connectionsOfTheNodeAtTheSameTime() throws IOException {
    try (LiveNode node = LiveNode.development("--max-connections=1")) {
      RawWebSocket only = new RawWebSocket(node.port(), "?topic=a");
      only.next("subscribed");
      HttpAnswer refused = node.get(NEGOTIATE);
      assertEquals(503, refused.status());
      assertEquals("1", refused.header("retry-after"));
      assertEquals(
          "\"max-connections\";q=1;qu=\"concurrent-requests\"", refused.header("ratelimit-policy"));
      assertEquals("\"max-connections\";r=0", refused.header("ratelimit"));
      only.close();
      awaitServed(node, NEGOTIATE);
      assertTrue(metric(node, "push_limited_total{limit=\"max-connections\"}") >= 1);
    }
  }

  @Test
  void clientsBehindAProxyAreToldApartByItsHeader() throws IOException {
    try (LiveNode node =
        LiveNode.development(
            "--trusted-proxies=127.0.0.1",
            "--forwarded-header=x-forwarded-for",
            "--connections-per-ip=1")) {
      String accept = "Accept: text/event-stream";
      try (RawConnection first = new RawConnection(node.port())) {
        first.send(
            HttpText.request(
                "GET /subscribe?topic=a", accept, "X-Forwarded-For: 6.6.6.6, 192.0.2.1"));
        assertTrue(first.nextAnswer().text().isEmpty());
        HttpAnswer same = node.get("/subscribe?topic=a", accept, "X-Forwarded-For: 192.0.2.1");
        assertEquals(429, same.status());
        HttpAnswer poll = node.get("/subscribe?topic=a", "X-Forwarded-For: 192.0.2.1");
        assertEquals(429, poll.status());
        HttpAnswer other = node.get("/subscribe?topic=a", "X-Forwarded-For: 192.0.2.2");
        assertEquals(200, other.status());
      }
      awaitServed(node, "/subscribe?topic=a", "X-Forwarded-For: 192.0.2.1");
    }
  }

  @Test
  void clientsBehindAProxyAreToldApartByThePROXYHeader() throws IOException {
    try (LiveNode node =
        LiveNode.development(
            "--trusted-proxies=127.0.0.1", "--proxy-protocol=true", "--connections-per-ip=1")) {
      String request = "GET /negotiate HTTP/1.1\r\nHost: localhost\r\n\r\n";
      try (RawConnection first = new RawConnection(node.port())) {
        first.send("PROXY TCP4 192.0.2.1 127.0.0.1 1000 80\r\n" + request);
        assertEquals(200, first.nextAnswer().status());
        assertEquals(429, proxied(node, "192.0.2.1", request));
        assertEquals(200, proxied(node, "192.0.2.2", request));
      }
      try (RawConnection rubbish = new RawConnection(node.port())) {
        rubbish.send(request);
        assertTrue(closedWithoutAnswer(rubbish));
      }
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> proxied(node, "192.0.2.1", request) == 200);
    }
  }

  private static boolean closedWithoutAnswer(RawConnection connection) {
    try {
      return connection.rest().length == 0;
    } catch (IOException _) {
      return true; // by a reset
    }
  }

  private static int proxied(LiveNode node, String client, String request) throws IOException {
    try (RawConnection connection = new RawConnection(node.port())) {
      connection.send("PROXY TCP4 " + client + " 127.0.0.1 1000 80\r\n" + request);
      return connection.nextAnswer().status();
    }
  }
}
