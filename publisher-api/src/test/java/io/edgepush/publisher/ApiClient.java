package io.edgepush.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** A publisher. Every answer it gets is held against the contract. */
final class ApiClient implements AutoCloseable {
  private static final ContractCheck CONTRACT = new ContractCheck();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(20))
          .build();
  private final int port;

  ApiClient(int port) {
    this.port = port;
  }

  /** A request with the key that may do everything. */
  HttpRequest.Builder to(String pathAndQuery) {
    return anonymous(pathAndQuery).header("Authorization", "Bearer " + ApiServer.KEY);
  }

  /** A request without any key. */
  HttpRequest.Builder anonymous(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + pathAndQuery))
        .timeout(Duration.ofSeconds(30));
  }

  /** The path of a topic. */
  static String topic(String name) {
    return "/v1/topics/" + URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  HttpResponse<String> get(String pathAndQuery) {
    return send(to(pathAndQuery).GET());
  }

  HttpResponse<String> delete(String pathAndQuery) {
    return send(to(pathAndQuery).DELETE());
  }

  /** Posts JSON to /v1/events. */
  HttpResponse<String> events(String body, String... headers) {
    return post("/v1/events", "application/json", BodyPublishers.ofString(body), headers);
  }

  HttpResponse<String> post(
      String pathAndQuery, String contentType, BodyPublisher body, String... headers) {
    HttpRequest.Builder request = to(pathAndQuery).header("Content-Type", contentType).POST(body);
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /** A body of unannounced length. */
  static BodyPublisher chunked(byte[] body) {
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
  }

  HttpResponse<String> send(HttpRequest.Builder builder) {
    HttpRequest request = builder.build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (!request.method().equals("HEAD")) {
        String path = ContractCheck.template(request.uri().getRawPath());
        CONTRACT.answer(
            request.method(), path, answer.statusCode(), answer.headers().map(), answer.body());
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(HttpResponse<String> answer) {
    return ContractCheck.JSON.readTree(answer.body());
  }

  /** The body of a 200. */
  static JsonNode ok(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer::body);
    return json(answer);
  }

  /** A refusal of the whole request with this code, at this field (empty for none). */
  static JsonNode assertProblem(String code, String field, HttpResponse<String> answer) {
    return assertProblem(
        code,
        field,
        answer.statusCode(),
        answer.headers().firstValue("content-type").orElse(""),
        answer.body());
  }

  static JsonNode assertProblem(
      String code, String field, int status, String contentType, String body) {
    assertEquals("application/problem+json", contentType, body);
    JsonNode problem = ContractCheck.JSON.readTree(body);
    assertEquals(
        code + " at " + field,
        problem.get("code").asString() + " at " + problem.path("field").asString(""),
        body);
    assertEquals(status, problem.get("status").asInt());
    assertEquals("urn:edgepush:problem:" + code, problem.get("type").asString());
    assertFalse(problem.get("title").asString().isBlank());
    assertFalse(problem.get("detail").asString().isBlank());
    return problem;
  }

  @Override
  public void close() {
    http.close();
  }
}
