package io.edgepush.service.access;

import io.edgepush.access.Credentials.Role;
import io.edgepush.access.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** A verifier at a fixed time, and what it makes of tokens. */
final class Verifying {
  /** The time. */
  static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  private final TokenVerifier verifier;

  Verifying(TokenKey... keys) {
    TokenKeys ring = new TokenKeys(InstantSource.fixed(NOW));
    ring.configure(List.of(keys));
    verifier =
        new TokenVerifier(
            ring, Duration.ofSeconds(10), Duration.ofHours(1), InstantSource.fixed(NOW));
  }

  static TokenKey key(String id, TokenKey.Source source, Algorithm... algorithms) {
    return new TokenKey("k", id, Set.of(algorithms), source, "", "");
  }

  static TokenKey secret(String text, Algorithm... algorithms) {
    return key("", new TokenKey.Source.Secret(text), algorithms);
  }

  /** Who it is; fails when the token is refused. */
  Principal accepted(String token) {
    try {
      return verifier.verify(token, Role.SUBSCRIBER);
    } catch (RefusedException e) {
      throw new AssertionError("refused: " + e.refusal(), e);
    }
  }

  /** Why it is refused; fails when it is not. */
  Refusal refused(String token) {
    try {
      throw new AssertionError("accepted: " + verifier.verify(token, Role.SUBSCRIBER));
    } catch (RefusedException e) {
      return e.refusal();
    }
  }
}
