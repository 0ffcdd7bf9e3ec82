package io.edgepush.service.access;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publishers with keys and tokens, over real connections. */
class PublisherAccessTest {
  private static final String REFUSED =
      "push_auth_refused_total{door=\"publisher\",reason=\"key\"}";

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
    for (int i = 0; i < ProbeLimiter.REFUSALS; i++) {
      last = node.publish("guess" + i, "a");
    }
    assertEquals(429, last.status());
    assertTrue(Integer.parseInt(last.header("retry-after")) > 0);
    assertEquals(429, node.publish(GuardedNode.KEY, "a").status(), "not seen before");
    assertEquals(200, node.publish("orders", "orders.1").status());
    assertTrue(node.meter(REFUSED) >= ProbeLimiter.REFUSALS);
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
