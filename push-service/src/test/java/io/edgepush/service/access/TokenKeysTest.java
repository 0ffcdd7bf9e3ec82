package io.edgepush.service.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import io.edgepush.service.testing.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that are exchanged. */
class TokenKeysTest {
  private static final KeyPair ONE = Tokens.rsa();
  private static final KeyPair OTHER = Tokens.rsa();

  @TempDir private Path directory;

  private final AtomicInteger fetches = new AtomicInteger();
  private volatile int status = 200;
  private volatile String served = "";
  private volatile Instant now = Instant.ofEpochSecond(1_000_000);
  private final TokenKeys keys = new TokenKeys(() -> now);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          fetches.incrementAndGet();
          byte[] body = served.getBytes(StandardCharsets.US_ASCII);
          exchange.getResponseHeaders().add("Location", "/other");
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private TokenKey url() {
    return key(
        new TokenKey.Source.KeySetUrl(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks")));
  }

  private static TokenKey key(TokenKey.Source source) {
    return new TokenKey("k", "", Set.of(Algorithm.RS256, Algorithm.HS256), source, "", "");
  }

  private static String set(String... members) {
    return "{\"keys\":[" + String.join(",", members) + "]}";
  }

  private static String rsa(String id, KeyPair pair, String more) {
    RSAPublicKey key = (RSAPublicKey) pair.getPublic();
    byte[] modulus = key.getModulus().toByteArray();
    return "{\"kty\":\"RSA\",\"kid\":\""
        + id
        + "\",\"n\":\""
        + Tokens.encoded(modulus[0] == 0 ? Arrays.copyOfRange(modulus, 1, modulus.length) : modulus)
        + "\",\"e\":\"AQAB\""
        + more
        + "}";
  }

  private int found(String id) {
    return keys.find(Algorithm.RS256, id).size();
  }

  @Test
  void aKeyThatIsNotKnownIsLookedUpButNotOften() {
    served = set(rsa("1", ONE, ""));
    keys.configure(List.of(url()));
    assertEquals(1, found("1"));
    served = set(rsa("1", ONE, ""), rsa("2", OTHER, ""));
    assertEquals(1, found("2"), "looked up");
    for (int i = 0; i < 100; i++) {
      assertEquals(0, found("guess" + i));
    }
    assertEquals(2, fetches.get());
    now = now.plusSeconds(11);
    assertEquals(0, found("guess"));
    assertEquals(3, fetches.get());
  }

  @Test
  void aKeyThatIsWithdrawnIsNotTakenAnyMore() {
    served = set(rsa("1", ONE, ""), rsa("2", OTHER, ""));
    keys.configure(List.of(url()));
    served = set(rsa("2", OTHER, ""));
    keys.refresh();
    assertEquals(0, found("1"));
    assertEquals(1, found("2"));
  }

  @Test
  void whatCanNotBeFetchedStaysAsItWas() {
    served = set(rsa("1", ONE, ""));
    keys.configure(List.of(url()));
    for (int bad : new int[] {302, 404, 500}) {
      status = bad;
      keys.refresh();
      assertEquals(1, found("1"));
    }
    status = 200;
    for (String text : List.of("", "[]", "{\"keys\":{}}", "x".repeat(300_000), set())) {
      served = text;
      keys.refresh();
      assertEquals(1, found("1"), () -> text.substring(0, Math.min(20, text.length())));
    }
  }

  @Test
  void aSetHasMembersOfManyKindsAndOnlyThoseThatFitAreTaken() {
    served =
        set(
            rsa("good", ONE, ",\"use\":\"sig\",\"alg\":\"RS256\""),
            rsa("enc", ONE, ",\"use\":\"enc\""),
            rsa("other", ONE, ",\"alg\":\"RS512\""),
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\",\"kid\":\"okp\"}",
            "{\"kty\":\"oct\",\"kid\":\"secret\",\"k\":\"" + Tokens.encoded(Tokens.SECRET) + "\"}",
            "{\"kty\":\"RSA\",\"kid\":\"broken\"}",
            "7");
    keys.configure(List.of(url()));
    assertEquals(1, found("good"));
    for (String id : List.of("enc", "other", "okp", "broken")) {
      assertEquals(0, found(id), id);
    }
    assertEquals(0, keys.find(Algorithm.HS256, "secret").size(), "what all can read is no secret");
  }

  @Test
  void aFileIsReadAgainAndMayHoldSecrets() throws IOException {
    String secret =
        "{\"kty\":\"oct\",\"kid\":\"secret\",\"k\":\"" + Tokens.encoded(Tokens.SECRET) + "\"}";
    Path file = Files.writeString(directory.resolve("set.json"), set(secret));
    keys.configure(List.of(key(new TokenKey.Source.KeySetFile(file))));
    assertEquals(1, keys.find(Algorithm.HS256, "secret").size());
    Files.writeString(file, set(rsa("1", ONE, "")));
    keys.refresh();
    assertEquals(1, found("1"));
    assertEquals(0, keys.find(Algorithm.HS256, "secret").size());
  }

  @Test
  void aFileThatIsMissingEndsTheStartAndAUrlThatIsSilentDoesNot() {
    TokenKey missing = key(new TokenKey.Source.SecretFile(directory.resolve("none")));
    assertThrows(KeyFault.class, () -> keys.configure(List.of(missing)));
    status = 503;
    keys.configure(List.of(url()));
    assertEquals(0, found("1"));
    status = 200;
    served = set(rsa("1", ONE, ""));
    now = now.plusSeconds(11);
    assertEquals(1, found("1"));
  }
}
