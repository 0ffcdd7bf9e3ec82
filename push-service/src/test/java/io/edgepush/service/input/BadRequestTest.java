package io.edgepush.service.input;

import static io.edgepush.service.input.HttpText.raw;
import static io.edgepush.service.input.HttpText.request;
import static io.edgepush.service.input.HttpText.withBody;

import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BadRequestTest extends BadInput {
  private static final String SSE = "Accept: text/event-stream";

  static Stream<RefusedRequest> parameters() {
    return Stream.of(
        subscribe("a topic with a space", "topic=a%20b", "invalid-topic", "topic"),
        subscribe("a topic with a control character", "topic=a%00", "invalid-topic", "topic"),
        subscribe("a topic that is not ASCII", "topic=caf%C3%A9", "invalid-topic", "topic"),
        subscribe("a topic that is not UTF-8", "topic=%ff", "invalid-topic", "topic"),
        subscribe("an empty topic", "topic=", "invalid-topic", "topic"),
        subscribe(
            "a topic of 201 characters", "topic=" + "a".repeat(201), "invalid-topic", "topic"),
        subscribe("a pattern", "topic=orders.*", "invalid-topic", "topic"),
        subscribe("the second topic of two", "topic=a&topic=%7B", "invalid-topic", "topic"),
        subscribe("no topic", "", "invalid-field", "topic"),
        subscribe("101 topics", topics(101), "invalid-field", "topic"),
        subscribe("a cursor that is none", "topic=a&cursor=x", "invalid-cursor", "cursor"),
        subscribe(
            "a cursor without sequence", "topic=a&cursor=0:k3F:17", "invalid-cursor", "cursor"),
        subscribe("a negative position", "topic=a&cursor=0:k3F:-1-0", "invalid-cursor", "cursor"),
        subscribe(
            "a partition too high", "topic=a&cursor=16384:k3F:1-0", "invalid-cursor", "cursor"),
        subscribe("an epoch with a sign", "topic=a&cursor=0:k-F:1-0", "invalid-cursor", "cursor"),
        subscribe(
            "a partition twice", "topic=a&cursor=0:a:1-0,0:a:2-0", "invalid-cursor", "cursor"),
        subscribe(
            "a cursor with a comma too many",
            "topic=a&cursor=0:a:1-0,",
            "invalid-cursor",
            "cursor"),
        subscribe(
            "a cursor too long", "topic=a&cursor=" + "9".repeat(5000), "invalid-cursor", "cursor"),
        subscribe(
            "two cursors", "topic=a&cursor=0:a:1-0&cursor=0:a:1-0", "invalid-field", "cursor"),
        subscribe("replay below 0", "topic=a&replay=-1", "invalid-field", "replay"),
        subscribe("replay over 1,000", "topic=a&replay=1001", "invalid-field", "replay"),
        subscribe("replay with a fraction", "topic=a&replay=1.5", "invalid-field", "replay"),
        subscribe(
            "replay beyond a long",
            "topic=a&replay=99999999999999999999",
            "invalid-field",
            "replay"));
  }

  static Stream<RefusedRequest> moreParameters() {
    return Stream.of(
        subscribe("two replays", "topic=a&replay=1&replay=1", "invalid-field", "replay"),
        subscribe("a wait over 25 s", "topic=a&wait=26", "invalid-field", "wait"),
        subscribe("a wait that is no number", "topic=a&wait=soon", "invalid-field", "wait"),
        subscribe("an escape that is none", "topic=%zz", "malformed", ""),
        subscribe("an escape cut short", "topic=%4", "malformed", ""),
        refused(
            "a Last-Event-ID that is no cursor",
            request("GET /subscribe?topic=a", "Last-Event-ID: x"),
            400,
            "invalid-cursor",
            "Last-Event-ID"),
        refused(
            "an event stream without topic",
            request("GET /subscribe", SSE),
            400,
            "invalid-field",
            "topic"),
        refused(
            "an event stream with a bad topic",
            request("GET /subscribe?topic=%22", SSE),
            400,
            "invalid-topic",
            "topic"),
        refused(
            "an event stream with a bad cursor",
            request("GET /subscribe?topic=a&cursor=0", SSE),
            400,
            "invalid-cursor",
            "cursor"));
  }

  static Stream<RefusedRequest> targets() {
    return Stream.of(
        refused("an unknown path", request("GET /nothing"), 404, "not-found", ""),
        refused("an unknown path with slashes", request("GET /a/b/c"), 404, "not-found", ""),
        refused("a path that climbs", request("GET /../../etc/passwd"), 404, "not-found", ""),
        refused(
            "a path that climbs below the script",
            request("GET /client/../../logging.properties"),
            404,
            "not-found",
            ""),
        refused(
            "an escaped path that climbs",
            request("GET /client/%2e%2e/%2e%2e/logging.properties"),
            404,
            "not-found",
            ""),
        refused(
            "escaped slashes that climb",
            request("GET /client/..%2f..%2flogging.properties"),
            404,
            "not-found",
            ""),
        refused(
            "backslashes that climb",
            request("GET /client/..%5c..%5clogging.properties"),
            404,
            "not-found",
            ""),
        refused("a class", request("GET /io/edgepush/service/Main.class"), 404, "not-found", ""),
        refused("an escape in the path that is none", request("GET /%zz"), 400, "malformed", ""),
        refused(
            "POST to subscribe",
            withBody("POST /subscribe?topic=a", ""),
            405,
            "method-not-allowed",
            ""),
        refused("DELETE of negotiate", request("DELETE /negotiate"), 405, "method-not-allowed", ""),
        refused(
            "PUT of a page", withBody("PUT /client.js", "alert(1)"), 405, "method-not-allowed", ""),
        refused(
            "the publisher API on the public port",
            withBody("POST /v1/events", "{}"),
            404,
            "not-found",
            ""),
        refused("the metrics on the public port", request("GET /metrics"), 404, "not-found", ""));
  }

  static Stream<RefusedRequest> http() {
    return Stream.of(
        refused("HTTP/1.0", raw("GET /negotiate HTTP/1.0\r\n\r\n"), 400, "malformed", ""),
        refused(
            "HTTP/2 without TLS", raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 400, "malformed", ""),
        refused(
            "TLS", raw("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\r\n\r\n"), 400, "malformed", ""),
        refused("a word", raw("hello\r\n\r\n"), 400, "malformed", ""),
        refused("no Host", raw("GET /negotiate HTTP/1.1\r\n\r\n"), 400, "malformed", ""),
        refused("two Hosts", request("GET /negotiate", "Host: other"), 400, "malformed", ""),
        refused(
            "a header without colon", request("GET /negotiate", "nonsense"), 400, "malformed", ""),
        refused(
            "a header name with NUL", request("GET /negotiate", "a\0b: c"), 400, "malformed", ""),
        refused(
            "a space before the colon", request("GET /negotiate", "a : b"), 400, "malformed", ""),
        refused(
            "bare line feeds", raw("GET /negotiate HTTP/1.1\nHost: a\n\n"), 400, "malformed", ""),
        refused(
            "a URL of 40 KB",
            request("GET /subscribe?topic=" + "a".repeat(40_000)),
            413,
            "too-large",
            ""),
        refused(
            "a header of 40 KB",
            request("GET /negotiate", "a: " + "b".repeat(40_000)),
            400,
            "malformed",
            ""),
        refused(
            "2,000 headers",
            request("GET /negotiate", many("a: " + "b".repeat(20))),
            400,
            "malformed",
            ""),
        refused(
            "a body of 1 MB",
            withBody("POST /subscribe", "b".repeat(1_000_000)),
            413,
            "too-large",
            ""));
  }

  static Stream<RefusedRequest> moreHttp() {
    return Stream.of(
        refused(
            "a negative length",
            request("POST /subscribe", "Content-Length: -1"),
            400,
            "malformed",
            ""),
        refused(
            "a length that is no number",
            request("POST /subscribe", "Content-Length: x"),
            400,
            "malformed",
            ""),
        refused(
            "two lengths",
            request("POST /subscribe", "Content-Length: 1", "Content-Length: 2"),
            400,
            "malformed",
            ""),
        refused(
            "a length and chunks",
            withBody("POST /subscribe", "0\r\n\r\n", "Transfer-Encoding: chunked"),
            400,
            "malformed",
            ""),
        refused(
            "an unknown transfer coding",
            request("POST /subscribe", "Transfer-Encoding: gzip"),
            400,
            "malformed",
            ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"parameters", "targets", "http", "moreParameters", "moreHttp"})
  void isAnsweredWithAProblem(RefusedRequest refused) throws IOException {
    refused.isWhat(LiveNode.exchange(node().port(), refused.request()));
  }

  private static RefusedRequest subscribe(String name, String query, String code, String field) {
    return refused(name, request("GET /subscribe?" + query), 400, code, field);
  }

  private static RefusedRequest refused(
      String name, byte[] request, int status, String code, String field) {
    return new RefusedRequest(name, request, status, code, field);
  }

  private static String topics(int count) {
    return IntStream.range(0, count).mapToObj(i -> "topic=t" + i).collect(Collectors.joining("&"));
  }

  private static String[] many(String header) {
    return Stream.generate(() -> header).limit(2_000).toArray(String[]::new);
  }
}
