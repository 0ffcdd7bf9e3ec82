package io.edgepush.service.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.RawWebSocket;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that are withdrawn, over real connections. */
class RevocationTest {
  private static final String SUBSCRIBE = "\"subscribe\":\"a\"";

  @TempDir private Path directory;

  private GuardedNode node;

  @BeforeEach
  void start() throws IOException {
    node =
        GuardedNode.start(
            directory,
            "",
            "  - {name: admin, actions: [revoke], sha256: "
                + PublisherKey.sha256("admin-key")
                + "}\n");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private HttpAnswer revoke(String key, String body) throws IOException {
    return node.post(
        node.privatePort(),
        "/v1/revocations",
        body,
        "Content-Type: application/json",
        "Authorization: Bearer " + key);
  }

  @Test
  void aRevokedTokensConnectionsEndAndItIsRefused() throws IOException {
    String one = GuardedNode.token(SUBSCRIBE + ",\"jti\":\"1\"");
    String other = GuardedNode.token(SUBSCRIBE + ",\"jti\":\"2\"");
    try (RawWebSocket first = new RawWebSocket(node.port(), "?topic=a&access_token=" + one);
        RawWebSocket second = new RawWebSocket(node.port(), "?topic=a&access_token=" + other)) {
      first.next("subscribed");
      second.next("subscribed");
      HttpAnswer answer = revoke("admin-key", "{\"jti\":\"1\"}");
      assertEquals(200, answer.status(), answer.text());
      assertTrue(answer.json().path("until").asLong() * 1_000 > System.currentTimeMillis());
      assertEquals(4001, first.closed().closeCode());
      assertEquals(401, node.get("/subscribe?topic=a&access_token=" + one).status());
      node.publish(GuardedNode.KEY, "a");
      second.next("event");
    }
  }

  @Test
  void aSubjectIsRevokedWithAllItsTokensOrTheOldOnes() throws IOException {
    long now = System.currentTimeMillis() / 1_000;
    String old = GuardedNode.token(SUBSCRIBE + ",\"iat\":" + (now - 100));
    String fresh = GuardedNode.token(SUBSCRIBE + ",\"iat\":" + now);
    String undated = GuardedNode.token(SUBSCRIBE);
    assertEquals(
        200, revoke("admin-key", "{\"sub\":\"bob\",\"issuedBefore\":" + now + "}").status());
    assertEquals(401, node.get("/subscribe?topic=a&access_token=" + old).status());
    assertEquals(401, node.get("/subscribe?topic=a&access_token=" + undated).status());
    assertEquals(200, node.get("/subscribe?topic=a&wait=0&access_token=" + fresh).status());
    assertEquals(200, revoke("admin-key", "{\"sub\":\"bob\"}").status());
    assertEquals(401, node.get("/subscribe?topic=a&access_token=" + fresh).status());
  }

  @Test
  void onlyAKeyThatSaysSoRevokes() throws IOException {
    assertEquals(403, revoke(GuardedNode.KEY, "{\"jti\":\"1\"}").status());
    assertEquals(403, revoke(GuardedNode.token("\"publish\":\"**\""), "{\"jti\":\"1\"}").status());
    assertEquals(401, revoke("nobody", "{\"jti\":\"1\"}").status());
    assertEquals(403, node.publish("admin-key", "a").status());
  }

  @Test
  void badRevocationsAreRefused() throws IOException {
    for (String bad :
        new String[] {
          "",
          "[]",
          "{}",
          "{\"jti\":\"\"}",
          "{\"jti\":7}",
          "{\"jti\":\"1\",\"sub\":\"bob\"}",
          "{\"jti\":\"1\",\"issuedBefore\":1}",
          "{\"sub\":\"bob\",\"issuedBefore\":-1}",
          "{\"sub\":\"bob\",\"issuedBefore\":\"1\"}",
          "{\"sub\":\"bob\",\"more\":1}",
          "{\"sub\":\"bob\",\"sub\":\"bob\"}",
          "{\"sub\":\"bob\"} {}",
          "{\"sub\":\"" + "b".repeat(201) + "\"}"
        }) {
      assertEquals(400, revoke("admin-key", bad).status(), bad);
    }
  }
}
