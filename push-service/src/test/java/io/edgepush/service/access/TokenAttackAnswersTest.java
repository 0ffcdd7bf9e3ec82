package io.edgepush.service.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawConnection;
import io.edgepush.service.input.RawWebSocket;
import io.edgepush.service.testing.Tokens;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is wrong with a token can not be told from the answer: at each door all attacks are answered
 * with the same bytes.
 */
class TokenAttackAnswersTest {
  private static final KeyPair RSA = Tokens.rsa();
  private static final byte[] SECRET = Tokens.SECRET.getBytes(StandardCharsets.UTF_8);
  private static final String HS = "{\"alg\":\"HS256\"}";
  private static final String SSE = "Accept: text/event-stream";
  private static final int HUGE = 10 << 20;

  private static GuardedNode node;

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("rsa.pem"), Tokens.pem(RSA));
    String keys =
        """
        refusals-per-minute: 0
        token-keys:
          - {name: test, algorithms: [HS256], secret: "%s"}
          - {name: rsa, id: rsa, algorithms: [RS256], public-key-file: rsa.pem}
          - {name: strict, id: strict, algorithms: [HS256], secret: "%s", issuer: us, audience: push}
        """
            .formatted(Tokens.SECRET, Tokens.SECRET);
    node = GuardedNode.of(directory, keys);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static String claims(long seconds, String more) {
    return Tokens.claims("eve", seconds, "\"subscribe\":\"**\",\"publish\":\"**\"" + more);
  }

  private static String hs256(String header, String claims) {
    return Tokens.hmac("HmacSHA256", SECRET, header, claims);
  }

  private static String unsigned(String header) {
    return Tokens.encoded(header) + "." + Tokens.encoded(claims(60, "")) + ".";
  }

  private static Map<String, String> attacks() {
    String good = hs256(HS, claims(60, ""));
    byte[] pem = Tokens.pem(RSA).getBytes(StandardCharsets.US_ASCII);
    String strict = "{\"alg\":\"HS256\",\"kid\":\"strict\"}";
    long later = System.currentTimeMillis() / 1_000 + 3_600;
    Map<String, String> attacks = new LinkedHashMap<>();
    attacks.put("none", unsigned("{\"alg\":\"none\"}"));
    attacks.put("none with a signature", unsigned("{\"alg\":\"none\"}") + "AAAA");
    attacks.put("no algorithm", hs256("{\"typ\":\"JWT\"}", claims(60, "")));
    attacks.put(
        "the public key as secret",
        Tokens.hmac("HmacSHA256", pem, "{\"alg\":\"HS256\",\"kid\":\"rsa\"}", claims(60, "")));
    attacks.put("the public key, no id", Tokens.hmac("HmacSHA256", pem, HS, claims(60, "")));
    for (String id : new String[] {"../../../dev/null", "' OR 1=1 --", "rsa\\u0000", "unknown"}) {
      attacks.put("id " + id, hs256("{\"alg\":\"HS256\",\"kid\":\"" + id + "\"}", claims(60, "")));
    }
    for (String own :
        new String[] {
          "\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}",
          "\"jku\":\"http://127.0.0.1:1/\"",
          "\"x5u\":\"http://127.0.0.1:1/\"",
          "\"x5c\":[\"AAAA\"]",
          "\"crit\":[\"exp\"]"
        }) {
      attacks.put(own, hs256("{\"alg\":\"HS256\"," + own + "}", claims(60, "")));
    }
    attacks.put("expired", hs256(HS, claims(-60, "")));
    attacks.put("without end", hs256(HS, "{\"sub\":\"eve\",\"subscribe\":\"**\"}"));
    attacks.put("for ever", hs256(HS, claims(400L * 24 * 3_600, "")));
    attacks.put("not yet", hs256(HS, claims(7_200, ",\"nbf\":" + later)));
    attacks.put("another issuer", hs256(strict, claims(60, ",\"iss\":\"eve\",\"aud\":\"push\"")));
    attacks.put("another audience", hs256(strict, claims(60, ",\"iss\":\"us\",\"aud\":\"x\"")));
    attacks.put("no audience", hs256(strict, claims(60, ",\"iss\":\"us\"")));
    attacks.put("a claim twice", hs256(HS, claims(60, ",\"sub\":\"bob\"")));
    attacks.put("a claim twice, escaped", hs256(HS, claims(60, ",\"\\u0073ub\":\"bob\"")));
    attacks.put("deep", hs256(HS, claims(60, ",\"x\":" + "[".repeat(2_000) + "]".repeat(2_000))));
    attacks.put("8 KiB and more", hs256(HS, claims(60, ",\"x\":\"" + "x".repeat(9_000) + "\"")));
    attacks.put("cut in the signature", good.substring(0, good.length() - 3));
    attacks.put("cut in the claims", good.substring(0, good.lastIndexOf('.') - 3));
    attacks.put("another signature", good.substring(0, good.length() - 4) + "AAAA");
    attacks.put(
        "another key's signature",
        Tokens.signed(
            "SHA256withRSA", Tokens.rsa(), "{\"alg\":\"RS256\",\"kid\":\"rsa\"}", claims(60, "")));
    attacks.put("no token", "x");
    attacks.put("dots", "..");
    return attacks;
  }

  /** How a token is presented. */
  @FunctionalInterface
  private interface DoorCall {
    HttpAnswer answer(String token) throws IOException;
  }

  private static void assertAllAlike(DoorCall door) throws IOException {
    Set<String> answers = new HashSet<>();
    for (Map.Entry<String, String> attack : attacks().entrySet()) {
      HttpAnswer answer = door.answer(attack.getValue());
      assertEquals(401, answer.status(), attack.getKey());
      assertEquals("unauthenticated", answer.json().path("code").asText(), attack.getKey());
      Map<String, String> headers = new TreeMap<>(answer.headers());
      headers.remove("date");
      answers.add(headers + answer.text());
    }
    assertEquals(1, answers.size(), answers::toString);
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token;
  }

  @Test
  void toASubscribersRequest() throws IOException {
    assertAllAlike(t -> node.get("/subscribe?topic=a", bearer(t)));
    assertAllAlike(t -> node.get("/subscribe?topic=a&access_token=" + t));
  }

  @Test
  void toAnEventStreamAndAWebSocket() throws IOException {
    assertAllAlike(t -> node.get("/subscribe?topic=a", SSE, bearer(t)));
    assertAllAlike(t -> node.get("/subscribe?topic=a", GuardedNode.WEB_SOCKET, bearer(t)));
  }

  @Test
  void toAPublishersRequest() throws IOException {
    // the web server of this port takes 16 KiB of headers, which all of these are below
    assertAllAlike(t -> node.publish(t, "a"));
  }

  @Test
  void toARefresh() throws IOException {
    assertAllAlike(
        t -> node.post(node.port(), "/auth", "{\"session\":\"x\",\"token\":\"" + t + "\"}"));
  }

  @Test
  void toAMessage() throws IOException {
    Set<String> answers = new HashSet<>();
    for (Map.Entry<String, String> attack : attacks().entrySet()) {
      try (RawWebSocket socket = new RawWebSocket(node.port(), "")) {
        socket.send("{\"type\":\"auth\",\"token\":\"" + attack.getValue() + "\"}");
        JsonNode error = socket.next("error");
        assertEquals("unauthenticated", error.path("code").asText(), attack.getKey());
        answers.add(error.toString() + socket.closed().closeCode());
      }
    }
    assertEquals(1, answers.size(), answers::toString);
    assertTrue(answers.iterator().next().endsWith("4001"));
  }

  @Test
  void aTokenOfTenMegabytesIsRefusedByItsSizeAtEachDoor() throws IOException {
    String huge = "x".repeat(HUGE);
    assertRefused(node.port(), HttpText.request("GET /subscribe?topic=a", bearer(huge)));
    assertRefused(node.port(), HttpText.request("GET /subscribe?topic=a&access_token=" + huge));
    assertRefused(
        node.port(),
        HttpText.withBody("POST /auth", "{\"session\":\"x\",\"token\":\"" + huge + "\"}"));
    assertRefused(node.privatePort(), HttpText.request("GET /v1/topics/a", bearer(huge)));
    assertEquals(200, node.publish(GuardedNode.token("\"publish\":\"a\""), "a").status());
    assertEquals(401, node.get("/subscribe?topic=a", bearer("x")).status(), "it serves on");
  }

  /** A refusal that comes before the request has ended may be lost by the reset that follows. */
  private static void assertRefused(int port, byte[] request) throws IOException {
    try (RawConnection connection = new RawConnection(port)) {
      connection.send(request);
      HttpAnswer answer = connection.nextAnswer();
      assertTrue(answer.status() == 400 || answer.status() == 413, answer::text);
      assertEquals("application/problem+json", answer.header("content-type"));
    } catch (SocketException _) {
      assertEquals(404, LiveNode.exchange(port, HttpText.request("GET /nothing")).status());
    }
  }
}
