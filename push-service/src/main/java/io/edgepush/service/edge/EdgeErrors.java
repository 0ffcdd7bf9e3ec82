package io.edgepush.service.edge;

import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.wire.ProblemJson;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;

/** Answers what Helidon refuses before any route of ours sees it, as problems. */
final class EdgeErrors {
  private EdgeErrors() {}

  /** A handler for each kind of refusal. */
  static DirectHandlers directHandlers() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      handlers.addHandler(
          type,
          (_, _, status, headers, _) -> {
            Problem problem = problem(status);
            headers.set(HeaderNames.CONTENT_TYPE, ProblemJson.MEDIA_TYPE);
            return DirectHandler.TransportResponse.builder()
                .status(Status.create(problem.code().status()))
                .headers(headers)
                .keepAlive(false)
                .entity(ProblemJson.encode(problem))
                .build();
          });
    }
    return handlers.build();
  }

  private static Problem problem(Status status) {
    return switch (status.code()) {
      case 404 -> Problem.of(Code.NOT_FOUND, "there is nothing at this path");
      case 405 -> Problem.of(Code.METHOD_NOT_ALLOWED, "this method is not served at this path");
      case 413, 414, 431 -> Problem.of(Code.TOO_LARGE, "the request is too large");
      case 415 -> Problem.of(Code.UNSUPPORTED_MEDIA_TYPE, "this media type is not served");
      case 500 -> Problem.of(Code.INTERNAL, "the request failed; the node's log says why");
      case 503 -> Problem.retryable(Code.UNAVAILABLE, "the node can not serve now", 1_000);
      default ->
          Problem.of(
              Code.MALFORMED,
              "the request is not HTTP/1.1 as RFC 9112 wants it, or its headers are too large");
    };
  }
}
