package io.edgepush.fallbacks;

import io.edgepush.model.Problem;
import io.edgepush.wire.ProblemJson;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;

/** Problems as HTTP answers. */
public final class HttpProblems {
  private HttpProblems() {}

  /** Answers a method that is not served. */
  public static void methodNotAllowed(ServerResponse response, String allowed) {
    response.header(HeaderNames.ALLOW, allowed);
    send(response, Problem.of(Problem.Code.METHOD_NOT_ALLOWED, "only " + allowed + " here"));
  }

  /** Answers with a problem. */
  public static void send(ServerResponse response, Problem problem) {
    response.status(Status.create(problem.code().status()));
    response.header(HeaderNames.CONTENT_TYPE, ProblemJson.MEDIA_TYPE);
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    if (problem.code() == Problem.Code.UNAUTHENTICATED) {
      response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
    }
    if (problem.code() == Problem.Code.UPGRADE_REQUIRED) {
      response.header(HeaderNames.UPGRADE, "websocket");
      response.header(HeaderNames.create("Sec-WebSocket-Version"), "13");
    }
    if (problem.retryAfterMs() > 0) {
      response.header(
          HeaderNames.RETRY_AFTER, Long.toString(Math.ceilDiv(problem.retryAfterMs(), 1_000L)));
    }
    if (problem.quota().given()) {
      response.header(HeaderNames.create("RateLimit-Policy"), problem.quota().policyField());
      response.header(HeaderNames.create("RateLimit"), problem.quota().stateField());
    }
    response.send(ProblemJson.encode(problem));
  }
}
