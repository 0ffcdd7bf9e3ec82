package io.edgepush.service.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.RawConnection;
import io.edgepush.service.input.RawWebSocket;
import io.edgepush.service.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A token that is withdrawn at one node is withdrawn at all of them, and stays so. */
class RevocationAcrossNodesTest {
  @RegisterExtension static final RedisServer REDIS = new RedisServer();

  @TempDir private Path directory;

  private GuardedNode start(String prefix, String name) throws IOException {
    return GuardedNode.start(
        Files.createDirectories(directory.resolve(name)),
        "redis: " + REDIS.uri() + "\nredis-key-prefix: " + prefix,
        "  - {name: admin, actions: [revoke], sha256: " + PublisherKey.sha256("admin-key") + "}\n");
  }

  private static void revoke(GuardedNode node, String body) throws IOException {
    HttpAnswer answer =
        node.post(
            node.privatePort(),
            "/v1/revocations",
            body,
            "Content-Type: application/json",
            "Authorization: Bearer admin-key");
    assertEquals(200, answer.status(), answer.text());
  }

  private static int status(GuardedNode node, String token) throws IOException {
    return node.get("/subscribe?topic=a&wait=0&access_token=" + token).status();
  }

  @Test
  void liveSessionsEndOnEveryNodeAndTheTokenIsRefusedAfterARestartToo() throws IOException {
    String mallory = GuardedNode.token("\"subscribe\":\"a\",\"jti\":\"stolen\"");
    String bob = GuardedNode.token("\"subscribe\":\"a\",\"jti\":\"his-own\"");
    String query = "?topic=a&access_token=";
    try (GuardedNode one = start("revoked", "one");
        GuardedNode other = start("revoked", "other");
        RawWebSocket here = new RawWebSocket(one.port(), query + mallory);
        RawWebSocket there = new RawWebSocket(other.port(), query + mallory);
        RawWebSocket good = new RawWebSocket(other.port(), query + bob);
        RawConnection stream = new RawConnection(other.port())) {
      stream.send(
          "GET /subscribe"
              + query
              + mallory
              + " HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n");
      stream.nextUpTo("subscribed");
      for (RawWebSocket socket : new RawWebSocket[] {here, there, good}) {
        socket.next("subscribed");
      }
      revoke(one, "{\"jti\":\"stolen\"}");
      assertEquals(401, status(one, mallory), "where it was revoked, from the answer on");
      assertEquals(4001, here.closed().closeCode());
      assertEquals(4001, there.closed().closeCode());
      stream.nextUpTo("\"close\":4001");
      assertEquals(401, status(other, mallory));
      one.publish(GuardedNode.KEY, "a");
      good.next("event");
    }
    try (GuardedNode started = start("revoked", "again")) {
      assertEquals(401, status(started, mallory), "from the first request on");
      assertEquals(200, status(started, bob));
      revoke(started, "{\"sub\":\"bob\"}");
      assertEquals(401, status(started, bob));
    }
  }

  @Test
  void whatARestartOfRedisLeavesBehindIsReadAgain() throws IOException {
    String token = GuardedNode.token("\"subscribe\":\"a\",\"jti\":\"kept-by-nodes\"");
    try (GuardedNode node = start("kept", "kept")) {
      revoke(node, "{\"jti\":\"kept-by-nodes\"}");
      REDIS.restart();
      assertEquals(401, status(node, token), "a node does not forget what Redis forgot");
    }
  }
}
