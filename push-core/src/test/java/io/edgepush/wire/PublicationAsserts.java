package io.edgepush.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Publication;
import io.edgepush.wire.PublicationReader.Body;
import io.edgepush.wire.PublicationReader.Item;

/** What the tests of {@link PublicationReader} share. */
final class PublicationAsserts {
  private PublicationAsserts() {}

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  static Publication one(String body) {
    Body read = PublicationReader.read(utf8(body));
    assertFalse(read.array());
    assertEquals(1, read.items().size());
    return good(read, 0);
  }

  static Publication good(Body body, int index) {
    return assertInstanceOf(Item.Good.class, body.items().get(index)).publication();
  }

  static String text(Publication publication) {
    return new String(publication.content().data(), UTF_8);
  }

  static Problem problem(byte[] body) {
    return assertThrows(ProblemException.class, () -> PublicationReader.read(body)).problem();
  }

  static Problem assertProblem(Code code, String field, String body) {
    Problem problem = problem(utf8(body));
    assertEquals(code, problem.code(), problem::toString);
    if (field != null) {
      assertEquals(field, problem.field(), problem::toString);
    }
    assertFalse(problem.detail().isBlank());
    return problem;
  }
}
