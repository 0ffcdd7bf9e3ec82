package io.edgepush.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.access.Action;
import io.edgepush.access.Authorizer;
import io.edgepush.access.Credentials;
import io.edgepush.access.Grants;
import io.edgepush.access.Principal;
import io.edgepush.access.Term;
import io.edgepush.backplane.MemoryBackplane;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session lasts as long as its term, by the time that the clock shows now. */
class SessionTermsTest {
  private static final Instant BEGIN = Instant.ofEpochSecond(1_800_000_000);

  private Instant now = BEGIN;
  private final Hub hub =
      new Hub(new MemoryBackplane(1, _ -> Retention.DEFAULT, () -> now), HubConfig.DEFAULT);
  private final SessionTerms terms =
      new SessionTerms(hub, new Everybody(), Duration.ofSeconds(30), () -> now);

  private record Everybody() implements Authorizer {
    @Override
    public Principal authenticate(Credentials credentials) {
      return new Principal("bob", credentials.role());
    }

    @Override
    public boolean permits(Principal who, Action action, Topic topic) {
      return true;
    }
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private Session open(Duration term) {
    Principal who =
        new Principal(
            "bob",
            Credentials.Role.SUBSCRIBER,
            Grants.NONE,
            Term.until(BEGIN.plus(term)),
            Map.of());
    RecordingTransport transport = RecordingTransport.into(new ByteArrayOutputStream());
    return hub.open(who, "127.0.0.1", hub.outbox(transport, _ -> {}));
  }

  @Test
  void aClockThatJumpsAnHourEndsThoseWhoseTermIsOverByIt() {
    Session minutes = open(Duration.ofMinutes(10));
    Session hours = open(Duration.ofHours(2));
    terms.sweep();
    assertEquals(2, hub.sessions().size());
    now = BEGIN.plus(Duration.ofHours(1));
    terms.sweep();
    assertTrue(minutes.outbox().isClosing());
    assertFalse(hours.outbox().isClosing());
  }

  @Test
  void aClockThatJumpsBackEndsNobody() {
    Session session = open(Duration.ofMinutes(10));
    now = BEGIN.minus(Duration.ofHours(1));
    terms.sweep();
    assertFalse(session.outbox().isClosing());
    now = BEGIN.plus(Duration.ofMinutes(11));
    terms.sweep();
    assertTrue(session.outbox().isClosing());
  }
}
