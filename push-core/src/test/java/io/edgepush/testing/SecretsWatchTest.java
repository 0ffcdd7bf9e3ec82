package io.edgepush.testing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The watch over the whole suite sees what it has to. */
class SecretsWatchTest {
  private static final String NOTED = Secrets.note("noted-in-secrets-watch-test");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "refused eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2IifQ.c2lnbmF0dXJl",
        "GET /subscribe?topic=a&access_token=abc HTTP/1.1",
        "-----BEGIN PRIVATE KEY-----",
        "the key " + "noted-in-secrets-watch-test" + " is not known",
      })
  void aSecretIsSeenWhereverItStands(String written) {
    assertTrue(Secrets.in(written));
    assertThrows(AssertionError.class, () -> Secrets.requireNoneIn("a log", written));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "access_token is given twice",
        "session n4Zr0cVw9Q2k of bob at 127.0.0.1 ended: unauthenticated",
        "keyJunk.of.topics"
      })
  void whatIsNoneIsNot(String written) {
    assertFalse(Secrets.in(written));
  }

  @Test
  void everyLogLineOfEveryTestIsLookedAt() {
    assertTrue(
        Arrays.stream(Logger.getLogger("").getHandlers())
            .anyMatch(h -> h.getClass().getEnclosingClass() == SecretsWatch.class),
        "JUnit found it");
    Logger.getLogger("io.edgepush.testing")
        .log(Level.WARNING, "on purpose", new IllegalStateException(NOTED));
    assertThrows(AssertionError.class, SecretsWatch::requireNothingFound);
    SecretsWatch.requireNothingFound();
  }
}
