package io.edgepush.publisher;

import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.ListenerConfig;

/**
 * What the listener of the publisher API needs besides {@link PublisherRoutes}: a limit on what it
 * reads, and problems for what the web server refuses by itself, such as a broken request line.
 */
public final class PublisherListener {
  /**
   * The most bytes of a body that the server reads at all. A body that is over the API's own limit
   * of 4 MiB and below this is read to its end, so that the client gets to see the answer; beyond
   * it the connection is closed. It also bounds a single chunk, which the server takes into memory
   * as a whole.
   */
  static final long MAX_READ_BYTES = 4L * RequestBody.MAX_BYTES;

  private PublisherListener() {}

  /** Sets up a listener. */
  public static void configure(ListenerConfig.BuilderBase<?, ?> listener) {
    listener.maxPayloadSize(MAX_READ_BYTES);
    listener.connectionOptions(options -> options.tcpNoDelay(true));
    listener.directHandlers(
        handlers -> {
          for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, PublisherListener::refuse);
          }
        });
  }

  private static DirectHandler.TransportResponse refuse(
      DirectHandler.TransportRequest request,
      DirectHandler.EventType type,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    Answer answer = Answer.problem(problem(request.path(), status));
    for (Header header : answer.headers()) {
      headers.set(header);
    }
    return DirectHandler.TransportResponse.builder()
        .status(answer.status())
        .headers(headers)
        .keepAlive(type.keepAlive())
        .entity(answer.body())
        .build();
  }

  private static Problem problem(String target, Status status) {
    return switch (status.code()) {
      case 404 ->
          Problem.of(Code.NOT_FOUND, "there is nothing here; /openapi.yaml tells what there is");
      case 413 -> RequestBody.tooLarge();
      case 414 -> Problem.of(Code.TOO_LARGE, "the request line is too long");
      case 415 -> Problem.of(Code.UNSUPPORTED_MEDIA_TYPE, "the media type is not supported");
      case 503 ->
          Problem.retryable(Code.UNAVAILABLE, "too many requests are under way", Waiting.RETRY_MS);
      case 505 -> Problem.of(Code.MALFORMED, "the protocol is HTTP/1.1");
      default -> status.code() >= 500 ? Problems.internal() : malformed(target);
    };
  }

  /**
   * The server refuses a path with a broken escape before the routes see it, and does not say that
   * it was that.
   */
  private static Problem malformed(String target) {
    int query = target.indexOf('?');
    try {
      RequestPath path = RequestPath.parse(query < 0 ? target : target.substring(0, query));
      PercentEncoding.decodeAscii(path.topicSegment(), "topic");
    } catch (ProblemException e) {
      return e.problem().code() == Code.INVALID_TOPIC ? e.problem() : unreadable();
    }
    return unreadable();
  }

  private static Problem unreadable() {
    return Problem.of(Code.MALFORMED, "the request is not HTTP/1.1 as RFC 9112 wants it");
  }
}
