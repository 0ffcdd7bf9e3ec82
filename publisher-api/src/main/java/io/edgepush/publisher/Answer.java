package io.edgepush.publisher;

import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.Quota;
import io.edgepush.wire.ProblemJson;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * What a request is answered with.
 *
 * @param status the HTTP status
 * @param body all of it
 * @param headers all but those that HTTP itself needs
 * @param last whether the connection is to be closed behind it
 */
record Answer(Status status, byte[] body, List<Header> headers, boolean last) {
  static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");

  private static final HeaderName POLICY = HeaderNames.create("RateLimit-Policy");
  private static final HeaderName STATE = HeaderNames.create("RateLimit");
  private static final Header PROBLEM =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, ProblemJson.MEDIA_TYPE);
  private static final Header AUTHENTICATE =
      HeaderValues.createCached(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"edgepush\"");
  private static final List<Header> JSON = List.of(HeaderValues.CONTENT_TYPE_JSON);
  private static final List<Header> FRESH_JSON = List.of(HeaderValues.CONTENT_TYPE_JSON, NO_STORE);

  /** JSON that answers a publish. */
  static Answer json(Status status, byte[] body) {
    return new Answer(status, body, JSON, false);
  }

  /** JSON that tells how things are now. */
  static Answer fresh(byte[] body) {
    return new Answer(Status.OK_200, body, FRESH_JSON, false);
  }

  /** A refusal. */
  static Answer problem(Problem problem) {
    return problem(problem, ProblemJson.encode(problem));
  }

  /** A refusal whose body is made already. */
  static Answer problem(Problem problem, byte[] body) {
    List<Header> headers = new ArrayList<>(2);
    headers.add(PROBLEM);
    if (problem.retryAfterMs() > 0) {
      headers.add(
          HeaderValues.create(
              HeaderNames.RETRY_AFTER, Math.ceilDiv(problem.retryAfterMs(), 1000L)));
    }
    if (problem.code() == Code.UNAUTHENTICATED) {
      headers.add(AUTHENTICATE);
    }
    return new Answer(Status.create(problem.code().status()), body, headers, false)
        .with(problem.quota());
  }

  /** The same answer with one more header. */
  Answer with(Header more) {
    List<Header> all = new ArrayList<>(headers);
    all.add(more);
    return new Answer(status, body, all, last);
  }

  /** The same answer, which tells how much is left of a limit. */
  Answer with(Quota quota) {
    return quota.given()
        ? with(HeaderValues.create(POLICY, quota.policyField()))
            .with(HeaderValues.create(STATE, quota.stateField()))
        : this;
  }

  /** The same answer, behind which the connection is closed. */
  Answer asLast() {
    Answer closing = with(HeaderValues.CONNECTION_CLOSE);
    return new Answer(status, body, closing.headers, true);
  }

  /**
   * Sends it in one write.
   *
   * @param bodyless whether only the headers go out: the answer to HEAD
   */
  void send(ServerResponse response, boolean bodyless) {
    response.status(status);
    headers.forEach(response::header);
    if (bodyless) {
      response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, body.length));
      response.send();
    } else {
      response.send(body);
    }
  }
}
