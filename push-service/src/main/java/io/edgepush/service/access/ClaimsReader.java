package io.edgepush.service.access;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.edgepush.access.Principal;
import io.edgepush.model.ProblemException;
import io.edgepush.model.TopicPattern;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the claims that mean something here; one instance a token. Others are skipped. */
final class ClaimsReader {
  private static final int MAX_NAME = 200;
  private static final int MAX_PATTERNS = 100;
  private static final int MAX_LIMITS = 20;

  /** The year 9999. */
  private static final double LAST_SECOND = 253_402_300_799d;

  private String subject = "";
  private String id = "";
  private long issuedAt = -1;
  private long expiresAt = -1;
  private List<TopicPattern> subscribe = List.of();
  private List<TopicPattern> publish = List.of();
  private List<TopicPattern> presence = List.of();
  private Map<String, Long> limits = Map.of();

  /** Reads the members of the object that the parser stands at. */
  Token.Claims read(JsonParser in) throws IOException, RefusedException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "sub" -> subject = name(in);
        case "jti" -> id = name(in);
        case "iat" -> issuedAt = time(in);
        case "exp" -> expiresAt = time(in);
        case "nbf" -> time(in);
        case "subscribe" -> subscribe = patterns(in);
        case "publish" -> publish = patterns(in);
        case "presence" -> presence = patterns(in);
        case "limits" -> limits = limits(in);
        default -> in.skipChildren();
      }
    }
    if (subject.isEmpty() || subject.equals(Principal.ANONYMOUS) || expiresAt < 0) {
      throw refused();
    }
    return new Token.Claims(subject, id, issuedAt, expiresAt, subscribe, publish, presence, limits);
  }

  /** Text that is fit for a log line. */
  private static String name(JsonParser in) throws IOException, RefusedException {
    String text = in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : "";
    if (text.isEmpty()
        || text.length() > MAX_NAME
        || text.codePoints().anyMatch(ClaimsReader::unprintable)) {
      throw refused();
    }
    return text;
  }

  private static boolean unprintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  /** Seconds since 1970 as a number (RFC 7519 §2), in milliseconds. */
  private static long time(JsonParser in) throws IOException, RefusedException {
    if (!in.currentToken().isNumeric()) {
      throw refused();
    }
    double seconds = in.getDoubleValue();
    if (!(seconds >= 0 && seconds <= LAST_SECOND)) {
      throw refused();
    }
    return (long) (seconds * 1_000);
  }

  /** One pattern, or an array of them. */
  private static List<TopicPattern> patterns(JsonParser in) throws IOException, RefusedException {
    if (in.currentToken() == JsonToken.VALUE_STRING) {
      return List.of(pattern(in));
    }
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw refused();
    }
    List<TopicPattern> patterns = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (patterns.size() == MAX_PATTERNS) {
        throw refused();
      }
      patterns.add(pattern(in));
    }
    return patterns;
  }

  private static TopicPattern pattern(JsonParser in) throws IOException, RefusedException {
    if (in.currentToken() != JsonToken.VALUE_STRING) {
      throw refused();
    }
    try {
      return new TopicPattern(in.getText());
    } catch (ProblemException _) {
      throw refused();
    }
  }

  private static Map<String, Long> limits(JsonParser in) throws IOException, RefusedException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw refused();
    }
    Map<String, Long> limits = new HashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      boolean integer =
          in.nextToken() == JsonToken.VALUE_NUMBER_INT
              && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
      if (!integer
          || in.getLongValue() < 0
          || name.length() > MAX_NAME
          || limits.size() == MAX_LIMITS) {
        throw refused();
      }
      limits.put(name, in.getLongValue());
    }
    return limits;
  }

  private static RefusedException refused() {
    return new RefusedException(Refusal.CLAIMS);
  }
}
