package io.edgepush.publisher;

import static io.edgepush.publisher.ApiClient.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTest extends ApiTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      POST              | /v1/events            | GET HEAD PUT DELETE PATCH OPTIONS PURGE
      GET, HEAD, POST   | /v1/topics/a          | PUT DELETE PATCH OPTIONS
      DELETE, GET, HEAD | /v1/topics/a/events   | POST PUT PATCH OPTIONS
      GET, HEAD         | /openapi.yaml         | POST PUT DELETE OPTIONS
      """)
  void anotherMethodIsNotAllowed(String allowed, String path, String methods) {
    for (String method : methods.split(" ", -1)) {
      HttpResponse<String> answer =
          client.send(
              client
                  .anonymous(path)
                  .method(method, BodyPublishers.ofString(method.equals("HEAD") ? "" : "x")));
      assertEquals(405, answer.statusCode(), method);
      assertEquals(allowed, answer.headers().firstValue("allow").orElse(""));
      if (!method.equals("HEAD")) {
        assertRefused("method-not-allowed", "", answer);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v1/events/",
        "/v1/events/1",
        "/v1/topics",
        "/v1/topics/a/",
        "/v1/topics/a/nothing",
        "/v1/topics/a/events/",
        "/v1/topics/a/eventsx",
        "/v1/topics/a/b/events",
        "/V1/events",
        "//v1/events",
        "/v1//events",
        "/x/../v1/events",
        "/v1/./events",
        "/v2/events",
        "/openapi.json",
        "/v1/%65vents"
      })
  void anotherPathIsNotFound(String path) throws IOException {
    try (RawClient raw = new RawClient(server.port())) {
      RawClient.Answer answer = raw.write(RawClient.head("GET " + path + " HTTP/1.1")).read();
      ApiClient.assertProblem(
          "not-found", "", answer.status(), answer.headers().get("content-type"), answer.body());
    }
  }

  @Test
  void headIsAnsweredLikeGetWithoutABody() throws IOException {
    ok(client.events("{\"topic\":\"a\",\"data\":1}"));
    for (String path :
        List.of(
            "/v1/topics/a",
            "/v1/topics/a/events",
            "/openapi.yaml",
            "/v1/topics/%20",
            "/v1/nothing")) {
      try (RawClient raw = new RawClient(server.port())) {
        RawClient.Answer get = raw.write(RawClient.head("GET " + path + " HTTP/1.1")).read();
        RawClient.Answer head = raw.write(RawClient.head("HEAD " + path + " HTTP/1.1")).read(true);
        assertEquals(get.status(), head.status());
        assertEquals(get.headers().get("content-type"), head.headers().get("content-type"));
        assertEquals(get.headers().get("content-length"), head.headers().get("content-length"));
        assertEquals(
            get.body(), raw.write(RawClient.head("GET " + path + " HTTP/1.1")).read().body());
      }
    }
  }

  @Test
  void requestsMayBePipelined() throws IOException {
    String event = "{\"topic\":\"a\",\"data\":1}";
    String request =
        RawClient.head(
                "POST /v1/events HTTP/1.1",
                "Content-Type: application/json",
                "Content-Length: " + event.length())
            + event;
    try (RawClient raw = new RawClient(server.port())) {
      raw.write(request.repeat(20));
      for (int i = 0; i < 20; i++) {
        assertEquals(200, raw.read().status());
      }
    }
    assertEquals(20, backplane.published().size());
  }

  @Test
  void aClientThatWantsToCloseIsAnsweredAndLetGo() throws IOException {
    try (RawClient raw = new RawClient(server.port())) {
      assertEquals(
          200,
          raw.write(RawClient.head("GET /openapi.yaml HTTP/1.1", "Connection: close"))
              .read()
              .status());
      assertTrue(raw.ended());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/topics/a HTTP/1.0",
        "GET /v1/topics/a HTTP/2.0",
        "GET",
        "GET /v1/topics/a|b HTTP/1.1",
        "GET /v1/topics/a?limit=%zz HTTP/1.1",
        "POST /v1/events HTTP/1.1\r\nContent-Length: ten",
        "GET /v1/topics/a HTTP/1.1\r\nbroken",
        "POST /v1/events HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 1"
      })
  void whatIsNotHttpIsMalformed(String line) throws IOException {
    try (RawClient raw = new RawClient(server.port())) {
      RawClient.Answer answer = raw.write(RawClient.head(line)).read();
      ApiClient.assertProblem(
          "malformed", "", answer.status(), answer.headers().get("content-type"), answer.body());
      assertTrue(raw.ended());
    }
    assertEquals(List.of(), backplane.published());
  }

  @Test
  void aRequestLineWithoutEndIsTooLarge() throws IOException {
    try (RawClient raw = new RawClient(server.port())) {
      RawClient.Answer answer = raw.write("GET /v1/topics/" + "a".repeat(5_000)).read();
      ApiClient.assertProblem(
          "too-large", "", answer.status(), answer.headers().get("content-type"), answer.body());
    }
  }
}
