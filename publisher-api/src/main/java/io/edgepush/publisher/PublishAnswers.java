package io.edgepush.publisher;

import io.edgepush.model.Problem;
import io.edgepush.wire.ProblemJson;
import io.helidon.http.Status;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The answers to publishes. */
final class PublishAnswers {
  private static final int BYTES_AN_EVENT = 128;

  private PublishAnswers() {}

  /** Of one event: an object, or the problem. */
  static Answer of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Stored stored -> Answer.json(Status.OK_200, json(stored));
      case Outcome.Failed failed -> Answer.problem(failed.problem());
    };
  }

  /**
   * Of an array: an array, or the problem of the first with the others as {@code errors} when none
   * is stored.
   */
  static Answer of(List<Outcome> outcomes) {
    long stored = outcomes.stream().filter(Outcome.Stored.class::isInstance).count();
    if (stored == 0 && outcomes.getFirst() instanceof Outcome.Failed(Problem first)) {
      return Answer.problem(first, withErrors(first, outcomes));
    }
    return Answer.json(
        stored == outcomes.size() ? Status.OK_200 : Status.MULTI_STATUS_207, array(outcomes));
  }

  private static byte[] withErrors(Problem problem, List<Outcome> outcomes) {
    byte[] alone = ProblemJson.encode(problem);
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(alone.length + outcomes.size() * BYTES_AN_EVENT);
    out.write(alone, 0, alone.length - 1);
    out.writeBytes(ascii(",\"errors\":"));
    out.writeBytes(array(outcomes));
    out.write('}');
    return out.toByteArray();
  }

  private static byte[] array(List<Outcome> outcomes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(outcomes.size() * BYTES_AN_EVENT);
    char before = '[';
    for (Outcome outcome : outcomes) {
      out.write(before);
      before = ',';
      switch (outcome) {
        case Outcome.Stored stored -> out.writeBytes(json(stored));
        case Outcome.Failed failed -> {
          out.writeBytes(ascii("{\"error\":"));
          out.writeBytes(ProblemJson.encode(failed.problem()));
          out.write('}');
        }
      }
    }
    out.write(']');
    return out.toByteArray();
  }

  /** Neither an id nor a topic has a character that JSON would escape. */
  private static byte[] json(Outcome.Stored stored) {
    return ascii(
        "{\"id\":\""
            + stored.id()
            + "\",\"topic\":\""
            + stored.topic().name()
            + (stored.duplicate() ? "\",\"duplicate\":true}" : "\"}"));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
