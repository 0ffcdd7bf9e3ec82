package io.edgepush.publisher;

import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Publication;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;

/** The header {@code Idempotency-Key}: the id of the one event that a request publishes. */
final class IdempotencyHeader {
  private static final String FIELD = "Idempotency-Key";
  private static final HeaderName NAME = HeaderNames.create(FIELD);

  private IdempotencyHeader() {}

  /**
   * The publication, with the header's key where there is one.
   *
   * @throws ProblemException {@link Code#INVALID_FIELD} when the key is not permitted, or
   *     contradicts the event's id
   */
  static Publication applied(ServerRequest request, Publication publication) {
    List<String> given = given(request);
    if (given.isEmpty()) {
      return publication;
    }
    String key = given.getFirst();
    if (given.size() > 1) {
      throw invalid("there is more than one key");
    }
    if (publication.keyGiven() && !publication.idempotencyKey().equals(key)) {
      throw invalid("the header differs from the event's id");
    }
    try {
      return new Publication(publication.topic(), publication.content(), key, true);
    } catch (ProblemException e) {
      throw e.problem().at(FIELD).exception();
    }
  }

  /**
   * Refuses the header with an array.
   *
   * @throws ProblemException {@link Code#INVALID_FIELD} when it is there
   */
  static void requireNone(ServerRequest request) {
    if (!given(request).isEmpty()) {
      throw invalid("the header goes with one event; give each event of an array its id");
    }
  }

  private static List<String> given(ServerRequest request) {
    return request.headers().contains(NAME) ? request.headers().get(NAME).allValues() : List.of();
  }

  private static ProblemException invalid(String detail) {
    return Problem.of(Code.INVALID_FIELD, FIELD, detail).exception();
  }
}
