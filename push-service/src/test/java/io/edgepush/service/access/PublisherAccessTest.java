package io.edgepush.service.access;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publishers with keys and tokens, over real connections. */
class PublisherAccessTest {
  private static final String REFUSED =
      "push_auth_refused_total{door=\"publisher\",reason=\"key\"}";

  private static final int REFUSALS = ProbeLimits.DEFAULT.refusalsPerMinute();

  @TempDir private Path directory;

  private GuardedNode node;

  @BeforeEach
  void start() throws IOException {
    node =
        GuardedNode.start(directory, "", key("orders", "topics: [orders.**], actions: [publish]"));
  }

  private static String key(String key, String scope) {
    return "  - {name: " + key + ", sha256: \"" + PublisherKey.sha256(key) + "\", " + scope + "}\n";
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void aWrongKeyIs401AndAWrongTopic403AndBothAreCounted() throws IOException {
    assertEquals(200, node.publish("orders", "orders.1").status());
    for (String wrong : new String[] {"Orders", "x", "a.b.c"}) {
      HttpAnswer answer = node.publish(wrong, "orders.1");
      assertEquals(401, answer.status());
      assertEquals("application/problem+json", answer.header("content-type"));
      assertTrue(answer.header("www-authenticate").startsWith("Bearer"), answer::toString);
    }
    HttpAnswer topic = node.publish("orders", "invoices.1");
    assertEquals(403, topic.status());
    assertEquals("application/problem+json", topic.header("content-type"));
    assertEquals(1, node.meter("push_auth_forbidden_total{door=\"publisher\"}"));
    assertTrue(node.meter(REFUSED) >= 2);
    assertEquals(1, node.meter("push_auth_refused_total{door=\"publisher\",reason=\"malformed\"}"));
    assertEquals(2, node.meter("push_auth_accepted_total{door=\"publisher\"}"));
  }

  @Test
  void aKeyDoesOnlyWhatItIsFor() throws IOException {
    assertEquals(403, read("orders", "orders.1").status());
    assertEquals(200, read(GuardedNode.KEY, "orders.1").status());
    assertEquals(403, node.publish("orders", "orders").status(), "** is one segment or more");
  }

  private HttpAnswer read(String key, String topic) throws IOException {
    return LiveNode.exchange(
        node.privatePort(),
        HttpText.request("GET /v1/topics/" + topic + "/events", "X-API-Key: " + key));
  }

  @Test
  void aBatchIsJudgedEventByEvent() throws IOException {
    HttpAnswer answer =
        node.post(
            node.privatePort(),
            "/v1/events",
            "[{\"topic\":\"orders.1\",\"data\":1},{\"topic\":\"orders%2e1\",\"data\":1},"
                + "{\"topic\":\"Orders.1\",\"data\":1}]",
            "Content-Type: application/json",
            "Authorization: Bearer orders");
    assertEquals(207, answer.status());
    assertTrue(answer.text().contains("\"forbidden\""), answer.text());
    assertEquals(3, answer.text().split("\"code\":\"forbidden\"", -1).length, answer.text());
  }

  @Test
  void aTokenPublishesWhereItsClaimSays() throws IOException {
    String token = GuardedNode.token("\"publish\":\"a.*\",\"subscribe\":\"b.*\"");
    assertEquals(200, node.publish(token, "a.1").status());
    assertEquals(403, node.publish(token, "b.1").status());
    assertEquals(200, read(token, "b.1").status());
    assertEquals(403, read(token, "a.1").status());
  }

  @Test
  void keysAreReadAgainWhenTheFileHasChanged() throws IOException {
    GuardedNode.rewrite(directory, GuardedNode.lines("", key("next", "actions: [publish]")));
    await().until(() -> node.publish("next", "a").status() == 200);
    assertEquals(401, node.publish("orders", "orders.1").status(), "it was taken away");
    GuardedNode.rewrite(directory, "publisher-keys: [{name: broken}]\n");
    GuardedNode.rewrite(directory, GuardedNode.lines("", key("third", "actions: [publish]")));
    await().until(() -> node.publish("third", "a").status() == 200);
  }

  @Test
  void guessingIsSlowAndDoesNotShutOutWhoIsKnown() throws IOException {
    assertEquals(200, node.publish("orders", "orders.1").status());
    HttpAnswer last = node.publish("guess", "a");
    for (int i = 0; i < REFUSALS; i++) {
      last = node.publish("guess" + i, "a");
    }
    assertEquals(429, last.status());
    assertEquals("\"refusals-per-minute\";q=30;w=60", last.header("ratelimit-policy"));
    assertTrue(Integer.parseInt(last.header("retry-after")) > 0);
    assertEquals(429, node.publish(GuardedNode.KEY, "a").status(), "not seen before");
    assertEquals(200, node.publish("orders", "orders.1").status());
    assertTrue(node.meter(REFUSED) >= REFUSALS);
    assertTrue(node.meter("push_limited_total{limit=\"refusals-per-minute\"}") >= 2);
  }

  @Test
  void probingWhatAKeyMayDoIsSlowToo() throws IOException {
    node.close();
    node =
        GuardedNode.start(
            directory,
            "forbidden-per-minute: 5\ntrusted-proxies: 127.0.0.1\nforwarded-header: forwarded",
            key("orders", "topics: [orders.**], actions: [publish, read]"));
    for (int i = 0; i < 5; i++) {
      assertEquals(403, node.publish("orders", "invoices." + i).status());
    }
    for (String topic : List.of("invoices.9", "orders.1")) {
      HttpAnswer answer = node.publish("orders", topic);
      assertEquals(429, answer.status(), "nothing is learned from the answer");
      assertTrue(Integer.parseInt(answer.header("retry-after")) > 0);
      assertEquals("\"forbidden-per-minute\";q=5;w=60", answer.header("ratelimit-policy"));
    }
    assertEquals(200, node.publish(GuardedNode.KEY, "invoices.1").status(), "another key");
    HttpAnswer elsewhere =
        LiveNode.exchange(
            node.privatePort(),
            HttpText.request(
                "GET /v1/topics/orders.1/events", "X-API-Key: orders", "Forwarded: for=192.0.2.1"));
    assertEquals(200, elsewhere.status(), "another address, as a trusted proxy says");
    assertEquals(2, node.meter("push_limited_total{limit=\"forbidden-per-minute\"}"));
  }

  @Test
  void neitherListenerServesWhatIsTheOthers() throws IOException {
    String token = "Authorization: Bearer " + GuardedNode.token("\"subscribe\":\"**\"");
    for (String path :
        new String[] {"/subscribe?topic=a", "/negotiate", "/auth", "/", "/client.js"}) {
      HttpAnswer answer =
          LiveNode.exchange(node.privatePort(), HttpText.request("GET " + path, token));
      assertEquals(404, answer.status(), path);
    }
    for (String path :
        new String[] {
          "/v1/topics/a", "/v1/events", "/openapi.yaml", "/metrics", "/health/ready", "/health/live"
        }) {
      assertEquals(404, node.get(path, "Authorization: Bearer " + GuardedNode.KEY).status(), path);
    }
    assertEquals(
        401, node.get("/subscribe?topic=a", "Authorization: Bearer " + GuardedNode.KEY).status());
  }
}
