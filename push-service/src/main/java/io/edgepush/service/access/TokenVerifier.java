package io.edgepush.service.access;

import io.edgepush.access.Action;
import io.edgepush.access.Credentials.Role;
import io.edgepush.access.Grants;
import io.edgepush.access.Principal;
import io.edgepush.access.Term;
import io.helidon.security.jwt.AudienceValidator;
import io.helidon.security.jwt.Jwt;
import io.helidon.security.jwt.JwtValidator;
import io.helidon.security.jwt.SignedJwt;
import io.helidon.security.jwt.jwk.JwkKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Verifies tokens by helidon-security-jwt, behind {@link TokenReader}. Safe for any thread; may
 * block for seconds while a new key is fetched.
 */
final class TokenVerifier {
  private static final JwkKeys NONE = JwkKeys.builder().build();

  private final TokenKeys keys;
  private final Duration leeway;
  private final Duration lifetime;
  private final InstantSource clock;

  /**
   * A verifier.
   *
   * @param leeway how much the clocks of an issuer and of this node may differ
   * @param lifetime how long a token may still be valid
   */
  TokenVerifier(TokenKeys keys, Duration leeway, Duration lifetime, InstantSource clock) {
    this.keys = keys;
    this.leeway = leeway;
    this.lifetime = lifetime;
    this.clock = clock;
  }

  /** Who presents the token. */
  Principal verify(String text, Role role) throws RefusedException {
    Token token = TokenReader.read(text);
    List<VerificationKey> candidates = keys.find(token.algorithm(), token.keyId());
    if (candidates.isEmpty()) {
      throw new RefusedException(Refusal.UNKNOWN_KEY);
    }
    SignedJwt signed = parsed(text);
    for (VerificationKey key : candidates) {
      if (isSignedBy(signed, key)) {
        validate(signed, key.origin());
        if (token.claims().expiresAt() > clock.millis() + lifetime.plus(leeway).toMillis()) {
          throw new RefusedException(Refusal.LIFETIME);
        }
        return principal(token.claims(), role);
      }
    }
    throw new RefusedException(Refusal.SIGNATURE);
  }

  /** Its exceptions hold the token, so none of them goes further. */
  private static SignedJwt parsed(String text) throws RefusedException {
    try {
      return SignedJwt.parseToken(text);
    } catch (RuntimeException _) {
      throw new RefusedException(Refusal.MALFORMED);
    }
  }

  private static boolean isSignedBy(SignedJwt signed, VerificationKey key) {
    try {
      return signed.verifySignature(NONE, key.jwk()).isValid();
    } catch (RuntimeException _) {
      return false; // a signature of a length that the algorithm does not know
    }
  }

  private void validate(SignedJwt signed, TokenKey origin) throws RefusedException {
    try {
      Jwt jwt = signed.getJwt();
      Instant now = clock.instant();
      check(
          jwt,
          Refusal.TIME,
          JwtValidator.builder()
              .addExpirationValidator(v -> v.now(now).allowedTimeSkew(leeway).mandatory(true))
              .addNotBeforeValidator(v -> v.now(now).allowedTimeSkew(leeway).mandatory(false)));
      if (!origin.issuer().isEmpty()) {
        check(jwt, Refusal.ISSUER, JwtValidator.builder().addIssuerValidator(origin.issuer()));
      }
      if (!origin.audience().isEmpty()) {
        check(
            jwt,
            Refusal.AUDIENCE,
            JwtValidator.builder()
                .addClaimValidator(
                    AudienceValidator.builder().addExpectedAudience(origin.audience()).build()));
      }
    } catch (RuntimeException _) {
      throw new RefusedException(Refusal.CLAIMS); // a claim of another type than its own
    }
  }

  private static void check(Jwt jwt, Refusal refusal, JwtValidator.Builder validator)
      throws RefusedException {
    if (!validator.build().validate(jwt).isValid()) {
      throw new RefusedException(refusal);
    }
  }

  private Principal principal(Token.Claims claims, Role role) {
    Grants grants =
        new Grants(
            Map.of(
                Action.SUBSCRIBE, claims.subscribe(),
                Action.READ, claims.subscribe(),
                Action.PUBLISH, claims.publish(),
                Action.PRESENCE, claims.presence()));
    Term term =
        new Term(
            claims.id(),
            claims.issuedAt() < 0 ? Instant.MIN : Instant.ofEpochMilli(claims.issuedAt()),
            Instant.ofEpochMilli(claims.expiresAt()).plus(leeway));
    return new Principal(claims.subject(), role, grants, term, claims.limits());
  }
}
