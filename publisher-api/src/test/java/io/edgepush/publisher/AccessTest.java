package io.edgepush.publisher;

import static io.edgepush.publisher.ApiClient.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.edgepush.access.Credentials;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest extends ApiTest {
  private static final String EVENT = "{\"topic\":\"a\",\"data\":1}";

  @Test
  void nothingIsDoneForSomebodyUnknown() {
    for (HttpRequest.Builder request :
        List.of(
            event(),
            client.anonymous("/v1/topics/a").GET(),
            client.anonymous("/v1/topics/a").POST(BodyPublishers.ofString("x")),
            client.anonymous("/v1/topics/a/events").GET(),
            client.anonymous("/v1/topics/a/events").DELETE())) {
      HttpResponse<String> answer = client.send(request);
      assertRefused("unauthenticated", "", answer);
      assertEquals(
          "Bearer realm=\"edgepush\"", answer.headers().firstValue("www-authenticate").orElse(""));
    }
    assertEquals(
        new Credentials(Credentials.Role.PUBLISHER, "", "127.0.0.1"),
        server.presented().getFirst());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "bearer ", "BEARER  "})
  void aBearerTokenIsPresentedAsItIs(String scheme) {
    ok(client.send(event().header("Authorization", scheme + ApiServer.KEY)));
    assertEquals(
        List.of(new Credentials(Credentials.Role.PUBLISHER, ApiServer.KEY, "127.0.0.1")),
        server.presented());
  }

  @Test
  void aKeyMayComeInAHeaderOfItsOwn() {
    ok(client.send(event().header("X-API-Key", ApiServer.KEY)));
    assertEquals(ApiServer.KEY, server.presented().getFirst().token());
  }

  @Test
  void theAuthorizationHeaderWins() {
    assertRefused(
        "unauthenticated",
        "",
        client.send(
            event().header("Authorization", "Bearer wrong").header("X-API-Key", ApiServer.KEY)));
    ok(
        client.send(
            event()
                .header("Authorization", "Bearer " + ApiServer.KEY)
                .header("X-API-Key", "wrong")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic YTpi", "Bearer", "Token x", ApiServer.KEY})
  void anotherSchemeIsRefused(String value) {
    assertRefused(
        "unauthenticated", "Authorization", client.send(event().header("Authorization", value)));
    assertEquals(List.of(), server.presented());
  }

  @Test
  void whoMayReadMayNotPublishOrPurge() {
    String key = "Bearer " + ApiServer.READER_KEY;
    assertRefused("forbidden", "topic", client.send(event().header("Authorization", key)));
    assertRefused(
        "forbidden",
        "topic",
        client.send(
            client
                .anonymous("/v1/topics/a")
                .header("Authorization", key)
                .POST(BodyPublishers.ofString("x"))));
    assertRefused(
        "forbidden",
        "topic",
        client.send(client.anonymous("/v1/topics/a/events").header("Authorization", key).DELETE()));
    ok(client.send(client.anonymous("/v1/topics/a/events").header("Authorization", key).GET()));
    ok(client.send(client.anonymous("/v1/topics/a").header("Authorization", key).GET()));
  }

  @Test
  void aRefusalComesBeforeTheBody() throws IOException {
    try (RawClient raw = new RawClient(server.port())) {
      raw.write(
          "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n");
      assertEquals(401, raw.read().status());
      // The connection stays in step whatever the body holds.
      raw.write(EVENT).write(RawClient.head("GET /v1/topics/a HTTP/1.1"));
      assertEquals(200, raw.read().status());
    }
    assertEquals(List.of(), backplane.published());
  }

  @Test
  void aFaultOfTheAuthorizerTellsNothing() {
    HttpResponse<String> answer = client.send(event().header("Authorization", "Bearer fault"));
    assertRefused("internal", "", answer);
    assertFalse(answer.body().contains("drawer"));
  }

  private HttpRequest.Builder event() {
    return client
        .anonymous("/v1/events")
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(EVENT));
  }
}
