package io.edgepush.service.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.LiveNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientScriptsTest {
  private static final Path README = Path.of("..", "push-client-js", "README.md");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static LiveNode node;

  @BeforeAll
  static void start() throws IOException {
    node = LiveNode.development();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"client.js", "client.iife.js", "client.share.js"})
  void theVersionedAddressIsKeptForEverAndHasTheSameScript(String name) throws Exception {
    HttpResponse<byte[]> kept = get(new ClientScripts().versionedPath() + name);
    assertEquals(200, kept.statusCode());
    assertEquals(
        "public, max-age=31536000, immutable",
        kept.headers().firstValue("cache-control").orElseThrow());
    assertArrayEquals(node.get("/" + name).body(), kept.body());
  }

  @Test
  void aScriptThatIsKnownAlreadyIsNotSentAgain() throws Exception {
    String tag = get("/client.js").headers().firstValue("etag").orElseThrow();
    HttpResponse<byte[]> again = get("/client.js", "If-None-Match", "\"other\", " + tag);
    assertEquals(304, again.statusCode());
    assertEquals(0, again.body().length);
    assertEquals(tag, again.headers().firstValue("etag").orElseThrow());
    assertEquals(200, get("/client.js", "If-None-Match", "\"other\"").statusCode());
  }

  @Test
  void whoTakesGzipGetsTheSameScriptSmallerUnderAnotherTag() throws Exception {
    HttpResponse<byte[]> plain = get("/client.js");
    HttpResponse<byte[]> gzip = get("/client.js", "Accept-Encoding", "gzip, deflate");
    assertEquals("gzip", gzip.headers().firstValue("content-encoding").orElseThrow());
    assertEquals("Accept-Encoding", gzip.headers().firstValue("vary").orElseThrow());
    assertTrue(!plain.headers().firstValue("etag").equals(gzip.headers().firstValue("etag")));
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip.body()))) {
      assertArrayEquals(plain.body(), in.readAllBytes());
    }
  }

  @Test
  void pagesOfOtherOriginsMayUseTheClientAndNothingElse() throws IOException {
    assertEquals("*", node.get("/client.js").header("access-control-allow-origin"));
    assertEquals("*", node.get("/client.iife.js").header("access-control-allow-origin"));
    assertEquals("", node.get("/").header("access-control-allow-origin"));
  }

  @Test
  void theClientIsOneFileThatImportsNothingItNeedsToStart() throws IOException {
    HttpAnswer script = node.get("/client.js");
    assertTrue(!script.text().contains("from\""), "no import");
    assertTrue(node.get("/client.iife.js").text().contains("edgepush="), "the global is there");
  }

  @ParameterizedTest
  @ValueSource(strings = {"client.js", "client.iife.js", "client.share.js"})
  void theDocumentationHasTheVersionedAddressAndTheIntegrity(String name) throws Exception {
    String readme = Files.readString(README, StandardCharsets.UTF_8);
    String hash =
        "sha384-"
            + Base64.getEncoder()
                .encodeToString(
                    MessageDigest.getInstance("SHA-384").digest(node.get("/" + name).body()));
    String address = new ClientScripts().versionedPath() + name;
    assertTrue(readme.contains(address), () -> README + " lacks " + address);
    assertTrue(readme.contains(hash), () -> README + " lacks " + hash);
  }
}
