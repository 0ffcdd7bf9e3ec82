package io.edgepush.service.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.edgepush.access.Credentials.Role;
import io.edgepush.service.testing.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens are judged by the time that the clock shows now, also after it has jumped. */
class ClockJumpTest {
  private static final Duration JUMP = Duration.ofHours(1);
  private static final Instant BEGIN = Instant.ofEpochSecond(1_800_000_000);

  private Instant now = BEGIN;
  private final TokenKeys keys = new TokenKeys(() -> now);
  private final TokenVerifier verifier =
      new TokenVerifier(keys, Duration.ofSeconds(10), Duration.ofDays(7), () -> now);

  private final String token =
      Tokens.hs256(
          "{\"sub\":\"bob\",\"nbf\":%d,\"exp\":%d}"
              .formatted(BEGIN.getEpochSecond() - 60, BEGIN.getEpochSecond() + 600));

  @Test
  void aJumpEndsTokensAndAJumpBackRevivesThem() throws RefusedException {
    keys.configure(List.of(Verifying.secret(Tokens.SECRET, Algorithm.HS256)));
    assertEquals("bob", verifier.verify(token, Role.SUBSCRIBER).name());
    now = now.plus(JUMP);
    assertRefused();
    now = BEGIN.minus(JUMP);
    assertRefused();
    now = BEGIN;
    assertEquals("bob", verifier.verify(token, Role.SUBSCRIBER).name());
  }

  private void assertRefused() {
    RefusedException refused =
        assertThrows(RefusedException.class, () -> verifier.verify(token, Role.SUBSCRIBER));
    assertEquals(Refusal.TIME, refused.refusal());
  }
}
