package io.edgepush.service.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgepush.hub.SubscribeRequest;
import io.edgepush.model.Content;
import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawConnection;
import io.edgepush.service.websocket.WebSocketUpgrade;
import io.edgepush.wire.ClientMessageReader;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebTest {
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^(?:import|export)\\b.* from '([^']+)'");
  private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"(/[^\"]*)\"");
  private static LiveNode node;

  @BeforeAll
  static void start() throws IOException {
    node = LiveNode.development("--heartbeat=3s");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html; charset=utf-8",
    "/playground, text/html; charset=utf-8",
    "/client.js, text/javascript; charset=utf-8",
    "/client.iife.js, text/javascript; charset=utf-8",
    "/negotiate, application/json",
  })
  void aDocumentHasItsTypeAndIsAskedForAgainBeforeItIsUsed(String path, String type)
      throws IOException {
    HttpAnswer answer = node.get(path);
    assertEquals(200, answer.status());
    assertEquals(type, answer.header("content-type"));
    assertEquals("no-cache", answer.header("cache-control"));
    assertEquals("nosniff", answer.header("x-content-type-options"));
    assertEquals(answer.body().length, Integer.parseInt(answer.header("content-length")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/client.js", "/negotiate"})
  void headAnswersAsGetDoesWithoutTheBody(String path) throws IOException {
    HttpAnswer get = node.get(path);
    try (RawConnection connection = new RawConnection(node.port())) {
      connection.send(HttpText.request("HEAD " + path, "Connection: close"));
      String head = new String(connection.rest(), java.nio.charset.StandardCharsets.US_ASCII);
      assertTrue(head.startsWith("HTTP/1.1 200 OK\r\n"), head);
      assertTrue(head.contains("\r\nContent-Length: " + get.body().length + "\r\n"), head);
      assertTrue(head.contains("\r\nContent-Type: " + get.header("content-type") + "\r\n"), head);
      assertEquals(head.length() - 4, head.indexOf("\r\n\r\n"), "nothing behind the head");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/playground"})
  void aPageRunsNothingOfOthersAndIsNotFramed(String page) throws IOException {
    String policy = node.get(page).header("content-security-policy");
    assertTrue(policy.startsWith("default-src 'self';"), policy);
    assertTrue(policy.contains("frame-ancestors 'none'"), policy);
    assertFalse(policy.contains("unsafe"), policy);
    assertFalse(
        node.get(page).text().contains("<script>"), "the policy forbids scripts in the page");
    assertFalse(node.get(page).text().contains(" style="), "and styles");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/playground"})
  void everythingThatAPageRefersToIsThere(String page) throws IOException {
    Matcher reference = REFERENCE.matcher(node.get(page).text());
    int found = 0;
    while (reference.find()) {
      assertEquals(200, node.get(reference.group(1)).status(), reference.group(1));
      found++;
    }
    assertTrue(found > 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/client.js", "/demo.js", "/playground.js"})
  void everythingThatAScriptImportsIsThere(String script) throws IOException {
    Deque<URI> open = new ArrayDeque<>(Set.of(URI.create(script)));
    Set<URI> seen = new HashSet<>();
    while (!open.isEmpty()) {
      URI path = open.pop();
      HttpAnswer answer = node.get(path.toString());
      assertEquals(200, answer.status(), path::toString);
      Matcher imported = IMPORT.matcher(answer.text());
      while (imported.find()) {
        URI next = path.resolve(imported.group(1));
        if (seen.add(next)) {
          open.push(next);
        }
      }
    }
  }

  @Test
  void negotiationTellsTheLimitsThatHold() throws IOException {
    JsonNode answer = node.get("/negotiate").json();
    assertEquals(3000, answer.path("heartbeatMs").asInt());
    assertEquals(SubscribeRequest.MAX_WAIT.toMillis(), answer.path("pollWaitMs").asLong());
    JsonNode limits = answer.path("limits");
    assertEquals(SubscribeRequest.MAX_TOPICS, limits.path("topicsPerUrl").asInt());
    assertEquals(ClientMessageReader.MAX_TOPICS, limits.path("topicsPerMessage").asInt());
    assertEquals(WebSocketUpgrade.MAX_MESSAGE_BYTES, limits.path("messageBytes").asInt());
    assertEquals(Content.MAX_DATA_BYTES, limits.path("dataBytes").asInt());
    assertEquals(200, node.get(answer.path("url").asText() + "?topic=a").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing.js",
        "/client/",
        "/client/nothing/client.js",
        "/index",
        "/web/index.html"
      })
  void whatIsNotThereIsAProblem(String path) throws IOException {
    HttpAnswer answer = node.get(path);
    assertEquals(404, answer.status());
    assertEquals("application/problem+json", answer.header("content-type"));
    assertEquals("not-found", answer.json().path("code").asText());
    assertEquals("no-store", answer.header("cache-control"));
  }
}
