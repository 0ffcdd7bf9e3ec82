package io.edgepush.service.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What pages of other origins may do (Fetch standard §3.3). */
class CrossOriginTest {
  private static final String OPEN =
      "namespaces: [{name: open, patterns: [\"**\"], anonymous-subscribe: true}]\n";

  private static GuardedNode node;

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    node =
        GuardedNode.start(
            directory, OPEN + "origins: https://app.example, https://*.apps.example:8443");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example",
        "https://a.apps.example:8443",
        "https://a.b.apps.example:8443",
        "http://localhost"
      })
  void aPermittedPageReadsEverythingThatAClientNeeds(String origin) throws IOException {
    for (String path : List.of("/subscribe?topic=a", "/negotiate", "/subscribe?topic=a%20b")) {
      HttpAnswer answer = node.get(path, "Origin: " + origin);
      assertEquals(origin, answer.header("access-control-allow-origin"), path);
      assertEquals("true", answer.header("access-control-allow-credentials"));
      assertEquals("Origin", answer.header("vary"));
      for (String name : List.of("Retry-After", "RateLimit", "RateLimit-Policy")) {
        assertTrue(answer.header("access-control-expose-headers").contains(name), name);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "http://app.example",
        "https://app.example:8443",
        "https://app.example.evil.example",
        "https://evilapps.example:8443",
        "https://.apps.example:8443",
        "https://*.apps.example:8443",
        "https://evil.example/.apps.example:8443",
        "https://evil.example#.apps.example:8443",
        "https://user@a.apps.example:8443",
        "null",
        "file://"
      })
  void anotherPageReadsNothing(String origin) throws IOException {
    HttpAnswer answer = node.get("/subscribe?topic=a", "Origin: " + origin);
    assertEquals("", answer.header("access-control-allow-origin"));
    assertEquals("", answer.header("access-control-allow-credentials"));
    assertEquals("Origin", answer.header("vary"));
    assertEquals(403, preflight(origin).status());
  }

  private static HttpAnswer preflight(String origin) throws IOException {
    return LiveNode.exchange(
        node.port(),
        HttpText.request(
            "OPTIONS /auth",
            "Origin: " + origin,
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: authorization, content-type"));
  }

  @Test
  void aPreflightIsAnswered() throws IOException {
    HttpAnswer answer = preflight("https://app.example");
    assertEquals(204, answer.status());
    assertTrue(answer.header("access-control-allow-methods").contains("POST"));
    String headers = answer.header("access-control-allow-headers");
    for (String name : List.of("Authorization", "Content-Type", "Last-Event-ID")) {
      assertTrue(headers.contains(name), headers);
    }
  }

  @Test
  void anEventStreamIsReadAcrossOriginsToo() throws IOException {
    try (RawConnection stream = new RawConnection(node.port())) {
      stream.send(
          "GET /subscribe?topic=a HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
              + "Origin: https://app.example\r\n\r\n");
      String head = stream.nextUpTo("\r\n\r\n");
      assertTrue(head.contains("Access-Control-Allow-Origin: https://app.example\r\n"), head);
      assertTrue(head.endsWith("Access-Control-Allow-Credentials: true"), head);
    }
  }

  @Test
  void aPageMayReadWhenToComeBackWhereverTheRefusalCameFrom(@TempDir Path directory)
      throws IOException {
    String origin = "Origin: https://app.example";
    String token = GuardedNode.token("\"subscribe\":\"a\"");
    String[] stream = {origin, "Accept: text/event-stream", "Authorization: Bearer " + token};
    for (String limit : List.of("connections-per-ip: 1", "connections-per-subject: 1")) {
      try (GuardedNode limited =
              GuardedNode.start(directory, "origins: https://app.example\n" + limit);
          RawConnection open = new RawConnection(limited.port())) {
        open.send(HttpText.request("GET /subscribe?topic=a", stream));
        open.nextUpTo("subscribed");
        HttpAnswer refused = limited.get("/subscribe?topic=a", stream);
        assertEquals(429, refused.status(), limit);
        assertEquals("https://app.example", refused.header("access-control-allow-origin"));
        assertTrue(refused.header("access-control-expose-headers").contains("Retry-After"));
        assertEquals("Origin", refused.header("vary"));
        String[] evil = {"Origin: https://evil.example", stream[1], stream[2]};
        assertEquals(
            "",
            limited.get("/subscribe?topic=a", evil).header("access-control-allow-origin"),
            limit);
      }
    }
  }

  @Test
  void withoutOriginThereIsNothingToSay() throws IOException {
    HttpAnswer answer = node.get("/subscribe?topic=a");
    assertEquals(200, answer.status());
    assertTrue(answer.headers().keySet().stream().noneMatch(n -> n.startsWith("access-control")));
  }

  @Test
  void everybodyMayReadWhereAStarStandsButNotWithCredentials(@TempDir Path directory)
      throws IOException {
    try (GuardedNode open = GuardedNode.start(directory, OPEN + "origins: \"*\"")) {
      HttpAnswer answer = open.get("/subscribe?topic=a", "Origin: https://any.example");
      assertEquals("*", answer.header("access-control-allow-origin"));
      assertEquals("", answer.header("access-control-allow-credentials"));
    }
  }

  @Test
  void pagesCanNotBeFramedAndTellNobodyTheirUrl() throws IOException {
    byte[] docs = HttpText.request("GET /docs");
    for (HttpAnswer page :
        List.of(
            node.get("/"), node.get("/playground"), LiveNode.exchange(node.privatePort(), docs))) {
      assertEquals(200, page.status());
      assertEquals("DENY", page.header("x-frame-options"));
      assertEquals("no-referrer", page.header("referrer-policy"));
      assertEquals("same-origin", page.header("cross-origin-opener-policy"));
      assertEquals("nosniff", page.header("x-content-type-options"));
      assertTrue(page.header("content-security-policy").contains("frame-ancestors 'none'"));
    }
  }
}
