package io.edgepush.access;

import java.time.Instant;
import java.util.Objects;

/**
 * For how long somebody is who they say, and what names the token that says so.
 *
 * @param tokenId the token's {@code jti}; empty without one
 * @param issuedAt when the token was issued; {@link Instant#MIN} when it does not say
 * @param expiresAt when it ends; {@link Instant#MAX} for never
 */
public record Term(String tokenId, Instant issuedAt, Instant expiresAt) {
  /** Without a token, and without an end. */
  public static final Term ENDLESS = new Term("", Instant.MIN, Instant.MAX);

  /** Rejects nulls. */
  public Term {
    Objects.requireNonNull(tokenId);
    Objects.requireNonNull(issuedAt);
    Objects.requireNonNull(expiresAt);
  }

  /** Without a token, up to a moment. */
  public static Term until(Instant end) {
    return new Term("", Instant.MIN, end);
  }
}
