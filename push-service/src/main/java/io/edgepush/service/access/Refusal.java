package io.edgepush.service.access;

import java.util.Locale;

/** Why somebody was refused: for metrics and the log, never for the one who was. */
public enum Refusal {
  /** Nothing was presented. */
  MISSING,
  /** An API key that nobody has. */
  KEY,
  /** Not a JSON Web Token in its compact form, or too large. */
  MALFORMED,
  /** A header that could lead the verification astray. */
  HEADER,
  /** An algorithm that is not accepted, or {@code none}. */
  ALGORITHM,
  /** No key of this id and algorithm. */
  UNKNOWN_KEY,
  /** The signature is not the key's. */
  SIGNATURE,
  /** The time is over, or has not come. */
  TIME,
  /** It would be valid for longer than tokens may be. */
  LIFETIME,
  /** Another issuer. */
  ISSUER,
  /** For somebody else. */
  AUDIENCE,
  /** A claim is missing or not of its form. */
  CLAIMS,
  /** Withdrawn. */
  REVOKED,
  /** Too many attempts that were refused. */
  TOO_MANY;

  /** The name in metrics. */
  public String slug() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
