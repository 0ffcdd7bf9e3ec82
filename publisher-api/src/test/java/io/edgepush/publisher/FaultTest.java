package io.edgepush.publisher;

import static io.edgepush.publisher.ApiClient.json;
import static io.edgepush.publisher.ApiClient.ok;
import static io.edgepush.publisher.ApiClient.topic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.backplane.BackplaneException;
import io.edgepush.backplane.Published;
import io.edgepush.model.Problem;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FaultTest extends ApiTest {
  private static final String EVENT = "{\"topic\":\"a\",\"data\":1}";

  @Test
  void aStoreThatIsAwayIs503WithAHint() {
    backplane.failPublishes(_ -> failed(false, 2_300));
    for (HttpResponse<String> answer :
        List.of(
            client.events(EVENT),
            client.post(topic("a"), "text/plain", BodyPublishers.ofString("x")))) {
      JsonNode problem = assertRefused("unavailable", "", answer);
      assertEquals(2_300, problem.get("retryAfterMs").asInt());
      assertEquals("3", answer.headers().firstValue("retry-after").orElse(""));
      assertTrue(
          problem.get("detail").asString().endsWith("the event was not stored"), answer.body());
      assertFalse(answer.body().contains("redis-7"));
    }
    backplane.failPublishes(_ -> null);
    ok(client.events(EVENT));
  }

  @Test
  void aStoreThatDoesNotSayWhenHasAHintAllTheSame() {
    backplane.failPublishes(_ -> failed(false, 0));
    HttpResponse<String> answer = client.events(EVENT);
    assertEquals(1_000, assertRefused("unavailable", "", answer).get("retryAfterMs").asInt());
    assertEquals("1", answer.headers().firstValue("retry-after").orElse(""));
  }

  @Test
  void anUnknownOutcomeSaysHowARepeatIsSafe() {
    backplane.failPublishes(_ -> failed(true, 100));
    JsonNode withId =
        assertRefused(
            "unavailable", "", client.events("{\"topic\":\"a\",\"data\":1,\"id\":\"x\"}"));
    assertTrue(withId.get("detail").asString().contains("a repeat with the same id is safe"));
    JsonNode without = assertRefused("unavailable", "", client.events(EVENT));
    assertTrue(without.get("detail").asString().contains("with an id, a repeat would be safe"));
  }

  @Test
  void someOfAnArrayMayFailInTheStore() {
    backplane.failPublishes(p -> p.topic().name().equals("b") ? failed(false, 500) : null);
    HttpResponse<String> answer =
        client.events(
            "[" + EVENT + ",{\"topic\":\"b\",\"data\":1},{\"topic\":\"a b\",\"data\":1}]");
    assertEquals(207, answer.statusCode());
    assertEquals("a", json(answer).get(0).get("topic").asString());
    assertEquals(500, json(answer).get(1).get("error").get("retryAfterMs").asInt());
    assertEquals("invalid-topic", json(answer).get(2).get("error").get("code").asString());
    assertEquals(1, backplane.published().size());
  }

  @Test
  void anArrayOfWhichNothingCouldBeStoredIs503() {
    backplane.failPublishes(_ -> failed(false, 4_000));
    HttpResponse<String> answer = client.events("[" + EVENT + "," + EVENT + "]");
    JsonNode problem = assertRefused("unavailable", "", answer);
    assertEquals(2, problem.get("errors").size());
    assertEquals("4", answer.headers().firstValue("retry-after").orElse(""));
  }

  @Test
  void aStoreThatRefusesAtOnceIsAnsweredTheSameWay() {
    backplane.failPublishes(
        _ -> {
          throw fault(false, 700);
        });
    assertEquals(
        700, assertRefused("unavailable", "", client.events(EVENT)).get("retryAfterMs").asInt());
  }

  @Test
  void readsAndPurgesFailTheSameWay() {
    for (String path : List.of("/v1/topics/a", "/v1/topics/a/events")) {
      backplane.failReads(() -> failed(false, 2_300));
      HttpResponse<String> answer = client.get(path);
      assertRefused("unavailable", "", answer);
      assertEquals("3", answer.headers().firstValue("retry-after").orElse(""));
      backplane.failReads(() -> null);
      ok(client.get(path));
    }
    backplane.failReads(() -> failed(true, 0));
    assertRefused("unavailable", "", client.delete("/v1/topics/a/events"));
  }

  @Test
  void aProblemOfTheStoreIsTheAnswer() {
    backplane.failPublishes(
        _ ->
            CompletableFuture.failedFuture(
                Problem.retryable(Problem.Code.TOO_MANY_REQUESTS, "too many publishes", 900)
                    .exception()));
    HttpResponse<String> answer = client.events(EVENT);
    assertRefused("too-many-requests", "", answer);
    assertEquals("1", answer.headers().firstValue("retry-after").orElse(""));
  }

  @Test
  void anUnexpectedFaultIs500AndTellsNothing() {
    backplane.failPublishes(
        _ ->
            CompletableFuture.failedFuture(
                new IllegalStateException("the secret is in the drawer")));
    backplane.failReads(
        () ->
            CompletableFuture.failedFuture(
                new IllegalStateException("the secret is in the drawer")));
    for (HttpResponse<String> answer :
        List.of(
            client.events(EVENT), client.get("/v1/topics/a"), client.get("/v1/topics/a/events"))) {
      assertRefused("internal", "", answer);
      assertFalse(answer.body().contains("drawer"), answer.body());
    }
  }

  private static <T> CompletionStage<T> failed(boolean outcomeUnknown, long retryAfterMs) {
    return CompletableFuture.failedFuture(fault(outcomeUnknown, retryAfterMs));
  }

  private static BackplaneException fault(boolean outcomeUnknown, long retryAfterMs) {
    return new BackplaneException("redis-7 is gone", null, outcomeUnknown, retryAfterMs);
  }

  @Test
  void aStoreThatAnswersLateIsWaitedFor() {
    CompletableFuture<Published> late = new CompletableFuture<>();
    backplane.failPublishes(
        _ -> {
          Thread.ofVirtual().start(() -> late.completeExceptionally(fault(false, 300)));
          return late;
        });
    assertEquals(
        300, assertRefused("unavailable", "", client.events(EVENT)).get("retryAfterMs").asInt());
  }
}
