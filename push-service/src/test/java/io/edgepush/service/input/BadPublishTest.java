package io.edgepush.service.input;

import static io.edgepush.service.input.HttpText.request;
import static io.edgepush.service.input.HttpText.withBody;

import io.edgepush.model.Content;
import java.io.IOException;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BadPublishTest extends BadInput {
  private static final String JSON = "Content-Type: application/json";
  private static final String GOOD = "{\"topic\":\"a\",\"data\":1}";

  static Stream<RefusedRequest> events() {
    return Stream.of(
        events("broken JSON", "{\"topic\":\"a\",\"data\":nope}", 400, "malformed", "data"),
        events("truncated JSON", "{\"topic\":\"a\",\"data\":1", 400, "malformed", "data"),
        events("no JSON at all", "", 400, "malformed", ""),
        events("two values", GOOD + GOOD, 400, "malformed", ""),
        events("a number", "1", 400, "malformed", ""),
        events("bad UTF-8", "{\"topic\":\"a\",\"data\":\"\u00ff\"}", 400, "malformed", ""),
        events(
            "a member twice",
            "{\"topic\":\"a\",\"topic\":\"b\",\"data\":1}",
            400,
            "malformed",
            "topic"),
        events(
            "an unknown member",
            "{\"topic\":\"a\",\"data\":1,\"ttl\":5}",
            400,
            "unknown-field",
            "ttl"),
        events(
            "a topic that is a number", "{\"topic\":1,\"data\":1}", 400, "invalid-field", "topic"),
        events("no topic", "{\"data\":1}", 400, "invalid-field", "topic"),
        events("no data", "{\"topic\":\"a\"}", 400, "invalid-field", "data"),
        events("a bad topic", "{\"topic\":\"a b\",\"data\":1}", 400, "invalid-topic", "topic"),
        events("a key of 201", event("key", "k".repeat(201)), 400, "invalid-field", "key"),
        events("a type with a line break", event("type", "a\\nb"), 400, "invalid-field", "type"),
        events("an empty id", event("id", ""), 400, "invalid-field", "id"),
        events("an unknown encoding", event("encoding", "hex"), 400, "invalid-field", "encoding"),
        events("base64 that is none", event("encoding", "base64"), 400, "invalid-field", "data"),
        events(
            "an event too large",
            "{\"topic\":\"a\",\"data\":\"" + tooLarge() + "\"}",
            413,
            "too-large",
            "data"));
  }

  static Stream<RefusedRequest> moreEvents() {
    return Stream.of(
        events(
            "data nested too deep",
            "{\"topic\":\"a\",\"data\":" + "[".repeat(101) + "]".repeat(101) + "}",
            400,
            "invalid-field",
            "data" + "[0]".repeat(65) + "[…"),
        events(
            "a name with half a pair",
            "{\"topic\":\"a\",\"data\":1,\"" + "n".repeat(39) + "\\ud83d\\ude00\":1}",
            400,
            "unknown-field",
            "n".repeat(39) + "?…"),
        events("an empty array", "[]", 400, "invalid-field", ""),
        events(
            "1,001 events",
            Collections.nCopies(1001, GOOD).toString(),
            400,
            "invalid-field",
            "[1000]"),
        events(
            "an array of bad events",
            "[{\"topic\":\"a b\",\"data\":1}]",
            400,
            "invalid-topic",
            "[0].topic"),
        events("a body over 4 MiB", " ".repeat((4 << 20) + 1), 413, "too-large", ""));
  }

  static Stream<RefusedRequest> requests() {
    return Stream.of(
        refused(
            "text for events",
            withBody("POST /v1/events", GOOD, "Content-Type: text/plain"),
            415,
            "unsupported-media-type",
            "Content-Type"),
        refused(
            "no media type for events",
            withBody("POST /v1/events", GOOD),
            415,
            "unsupported-media-type",
            "Content-Type"),
        refused(
            "JSON in UTF-16",
            withBody("POST /v1/events", GOOD, JSON + "; charset=utf-16"),
            415,
            "unsupported-media-type",
            "Content-Type"),
        refused(
            "an unknown parameter",
            withBody("POST /v1/events?x=1", GOOD, JSON),
            400,
            "unknown-field",
            "x"),
        refused(
            "text that is not UTF-8",
            withBody("POST /v1/topics/a", "\u00ff", "Content-Type: text/plain"),
            400,
            "malformed",
            ""),
        refused(
            "a bad topic in the path",
            withBody("POST /v1/topics/a%20b", "1", JSON),
            400,
            "invalid-topic",
            "topic"));
  }

  static Stream<RefusedRequest> moreRequests() {
    return Stream.of(
        refused(
            "an escape in the path that is none",
            withBody("POST /v1/topics/a%zz", "1", JSON),
            400,
            "invalid-topic",
            "topic"),
        refused(
            "PUT of a topic",
            withBody("PUT /v1/topics/a", "1", JSON),
            405,
            "method-not-allowed",
            ""),
        refused("an unknown path", request("GET /v2/topics/a"), 404, "not-found", ""),
        refused(
            "a bad limit",
            request("GET /v1/topics/a/events?limit=0"),
            400,
            "invalid-field",
            "limit"),
        refused(
            "a bad position",
            request("GET /v1/topics/a/events?after=x"),
            400,
            "invalid-cursor",
            "after"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"events", "requests", "moreEvents", "moreRequests"})
  void isAnsweredWithAProblem(RefusedRequest refused) throws IOException {
    refused.isWhat(LiveNode.exchange(node().privatePort(), refused.request()));
  }

  private static RefusedRequest events(
      String name, String body, int status, String code, String field) {
    return refused(name, withBody("POST /v1/events", body, JSON), status, code, field);
  }

  private static RefusedRequest refused(
      String name, byte[] request, int status, String code, String field) {
    return new RefusedRequest(name, request, status, code, field);
  }

  private static String event(String member, String value) {
    return "{\"topic\":\"a\",\"data\":\"???\",\"" + member + "\":\"" + value + "\"}";
  }

  private static String tooLarge() {
    return "x".repeat(Content.MAX_DATA_BYTES - 1);
  }
}
