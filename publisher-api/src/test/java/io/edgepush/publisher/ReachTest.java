package io.edgepush.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.model.Reach;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom an event is for, and until when, as publishers say it. */
class ReachTest extends ApiTest {
  private Reach published(String members) {
    ApiClient.ok(client.events("{\"topic\":\"a\",\"data\":1," + members + "}"));
    return backplane.published().getLast().content().reach();
  }

  @Test
  void anEventIsForASessionOrASubjectOrForAllButASession() {
    assertEquals(new Reach("s", "", "", 0), published("\"to\":{\"session\":\"s\"}"));
    assertEquals(new Reach("", "ada", "", 0), published("\"to\":{\"subject\":\"ada\"}"));
    assertEquals(new Reach("", "", "s", 0), published("\"exclude\":\"s\""));
    assertEquals(
        new Reach("", "ada", "s", 0), published("\"exclude\":\"s\",\"to\":{\"subject\":\"ada\"}"));
  }

  @Test
  void anEventExpires() {
    long before = System.currentTimeMillis();
    Reach reach = published("\"ttlMs\":60000");
    assertTrue(reach.expiresAtMs() >= before + 60_000);
    assertFalse(reach.expired(before + 59_999));
    assertTrue(reach.expired(reach.expiresAtMs()));
    Instant at = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
    assertEquals(at.toEpochMilli(), published("\"expiresAt\":\"" + at + "\"").expiresAtMs());
  }

  @Test
  void aRawBodyHasItInTheQuery() {
    String query = "?toSubject=ada&exclude=s&ttlMs=1000";
    ApiClient.ok(
        client.post(ApiClient.topic("a") + query, "text/plain", BodyPublishers.ofString("x")));
    Reach reach = backplane.published().getLast().content().reach();
    assertEquals("ada", reach.subject());
    assertEquals("s", reach.exclude());
    assertTrue(reach.expiresAtMs() > 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"to\":{}|to",
        "\"to\":\"s\"|to",
        "\"to\":{\"session\":\"\"}|to",
        "\"to\":{\"session\":1}|to",
        "\"to\":{\"session\":\"s\",\"subject\":\"a\"}|to",
        "\"to\":{\"subject\":\"anonymous\"}|to",
        "\"exclude\":\"\"|exclude",
        "\"exclude\":null|exclude",
        "\"ttlMs\":0|ttlMs",
        "\"ttlMs\":1.5|ttlMs",
        "\"ttlMs\":99999999999999999999|ttlMs",
        "\"ttlMs\":\"1\"|ttlMs",
        "\"ttlMs\":1,\"expiresAt\":\"2999-01-01T00:00:00Z\"|expiresAt",
        "\"expiresAt\":\"2001-01-01T00:00:00Z\"|expiresAt",
        "\"expiresAt\":\"tomorrow\"|expiresAt",
        "\"expiresAt\":1|expiresAt",
      })
  void whatMakesNoSenseIsRefused(String members, String field) {
    assertRefused(
        "invalid-field", field, client.events("{\"topic\":\"a\",\"data\":1," + members + "}"));
  }

  @Test
  void theHistoryLeavesOutWhatIsForSomebodyOrHasExpired() {
    published("\"to\":{\"subject\":\"ada\"}");
    published("\"exclude\":\"s\"");
    published("\"ttlMs\":60000");
    assertEquals(2, history("a").size());
  }
}
