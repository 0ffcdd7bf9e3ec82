package io.edgepush.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Reach;
import java.time.DateTimeException;
import java.time.OffsetDateTime;

/** Whom an event is for and until when, as publishers write it. For one event and one thread. */
public final class ReachReader {
  private String session = "";
  private String subject = "";
  private String exclude = "";
  private long ttlMs;
  private long expiresAtMs;

  /** Nothing is given yet. */
  public ReachReader() {}

  /** The session that the event is for. */
  public void session(String id) {
    session = required("to", id);
  }

  /** The subject that the event is for. */
  public void subject(String name) {
    subject = required("to", name);
  }

  /** The session that does not get the event. */
  public void exclude(String id) {
    exclude = required("exclude", id);
  }

  /**
   * How long the event lives.
   *
   * @throws ProblemException when it is out of range
   */
  public void ttlMs(long milliseconds) {
    if (milliseconds < 1 || milliseconds > Reach.MAX_TTL_MS) {
      throw invalid("ttlMs", "ttlMs is an integer from 1 to " + Reach.MAX_TTL_MS);
    }
    ttlMs = milliseconds;
  }

  /** How long the event lives, as text. */
  public void ttlMs(String digits) {
    boolean number =
        !digits.isEmpty()
            && digits.length() <= 12
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    ttlMs(number ? Long.parseLong(digits) : 0);
  }

  /**
   * When the event expires.
   *
   * @param text a time as in RFC 3339
   * @throws ProblemException when it is none, or lies in the past
   */
  public void expiresAt(String text) {
    try {
      expiresAtMs = OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw invalid(
          "expiresAt", "expiresAt is a time as in RFC 3339, such as 2030-01-31T12:00:00Z");
    }
    long now = System.currentTimeMillis();
    if (expiresAtMs <= now || expiresAtMs > now + Reach.MAX_TTL_MS) {
      throw invalid("expiresAt", "expiresAt lies in the future, by a year at most");
    }
  }

  /**
   * The member {@code to}: an object with a session or a subject.
   *
   * @throws ProblemException when it is something else
   */
  void to(byte[] bytes, int from, int end) {
    JsonText.read(
        bytes,
        from,
        end,
        in -> {
          if (in.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("to", "to is an object with session or subject");
          }
          while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            if (in.nextToken() != JsonToken.VALUE_STRING) {
              throw invalid("to", "to." + JsonText.shortened(name, 40) + " is a string");
            }
            target(name, in);
          }
          return this;
        });
    if (session.isEmpty() == subject.isEmpty()) {
      throw invalid("to", "to names a session or a subject");
    }
  }

  private void target(String name, JsonParser in) throws java.io.IOException {
    switch (name) {
      case "session" -> session(in.getText());
      case "subject" -> subject(in.getText());
      default ->
          throw Problem.of(Code.UNKNOWN_FIELD, "to", "to has session or subject").exception();
    }
  }

  /**
   * What was given.
   *
   * @throws ProblemException when it contradicts itself
   */
  public Reach reach() {
    if (ttlMs > 0 && expiresAtMs > 0) {
      throw invalid("ttlMs", "an event has ttlMs or expiresAt");
    }
    long expires = ttlMs > 0 ? System.currentTimeMillis() + ttlMs : expiresAtMs;
    boolean given = !session.isEmpty() || !subject.isEmpty() || !exclude.isEmpty() || expires > 0;
    return given ? new Reach(session, subject, exclude, expires) : Reach.EVERYBODY;
  }

  private static String required(String field, String text) {
    if (text.isEmpty()) {
      throw invalid(field, field + " must not be empty");
    }
    return text;
  }

  private static ProblemException invalid(String field, String detail) {
    return Problem.of(Code.INVALID_FIELD, field, detail).exception();
  }
}
