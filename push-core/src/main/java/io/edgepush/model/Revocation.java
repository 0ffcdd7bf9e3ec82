package io.edgepush.model;

import java.util.Optional;

/**
 * Tokens that are not valid any more though their time is not over.
 *
 * @param kind which
 * @param name the token's {@code jti}, or the subject
 * @param issuedBeforeMs of a subject, only tokens that were issued before this moment, in
 *     milliseconds since 1970, or do not say when; {@link Long#MAX_VALUE} for all
 * @param untilMs when no such token can be valid any more, so that this can be forgotten
 */
public record Revocation(Kind kind, String name, long issuedBeforeMs, long untilMs) {
  /** The most revocations that a deployment remembers at a time. */
  public static final int MOST = 100_000;

  /** The greatest length of a name, in characters. */
  public static final int MAX_NAME = 200;

  /** Which tokens. */
  public enum Kind {
    /** One token. */
    TOKEN,
    /** Tokens of a subject. */
    SUBJECT
  }

  /** Checks the name. */
  public Revocation {
    if (name.isEmpty() || name.length() > MAX_NAME) {
      throw new IllegalArgumentException("name: 1 to " + MAX_NAME + " characters");
    }
  }

  /** As text, without the moment of forgetting. */
  public String text() {
    return kind.name().charAt(0) + " " + issuedBeforeMs + " " + name;
  }

  /** Reads {@link #text()}; empty when it is of a form that is not known. */
  public static Optional<Revocation> parse(String text, long untilMs) {
    String[] parts = text.split(" ", 3);
    if (parts.length != 3) {
      return Optional.empty();
    }
    for (Kind kind : Kind.values()) {
      if (parts[0].equals(kind.name().substring(0, 1))) {
        try {
          return Optional.of(new Revocation(kind, parts[2], Long.parseLong(parts[1]), untilMs));
        } catch (IllegalArgumentException _) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}
