package io.edgepush.service.access;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Fetches key sets. Blocks for a few seconds at most. */
final class KeySetClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final int MAX_BYTES = 256 * 1024;

  /** Follows no redirect: it could lead to where nobody has looked. */
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private KeySetClient() {}

  /**
   * The body of the answer.
   *
   * @throws KeyFault when there is none
   */
  static byte[] fetch(URI uri) {
    HttpRequest request =
        HttpRequest.newBuilder(uri).timeout(TIMEOUT).header("Accept", "application/json").build();
    try {
      HttpResponse<InputStream> response =
          CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        byte[] bytes = body.readNBytes(MAX_BYTES + 1);
        if (response.statusCode() != 200 || bytes.length > MAX_BYTES) {
          throw new KeyFault("the key set was answered with status " + response.statusCode());
        }
        return bytes;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new KeyFault("interrupted");
    } catch (IOException e) {
      throw new KeyFault("the key set can not be fetched: " + e.getClass().getSimpleName());
    }
  }
}
