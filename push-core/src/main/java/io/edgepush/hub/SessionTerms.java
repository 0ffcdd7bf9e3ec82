package io.edgepush.hub;

import io.edgepush.access.Authorizer;
import io.edgepush.access.Principal;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.ServerMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Sees to it that nobody stays connected for longer than what they presented holds: warns before,
 * and ends the session then. {@link #sweep} is called by one thread, a few times a second; it reads
 * one field of each session and does not block.
 */
public final class SessionTerms {
  private final Hub hub;
  private final Authorizer authorizer;
  private final Duration warning;
  private final InstantSource clock;

  /**
   * The terms of a hub's sessions.
   *
   * @param warning how long before its end a client is told
   */
  public SessionTerms(Hub hub, Authorizer authorizer, Duration warning, InstantSource clock) {
    this.hub = hub;
    this.authorizer = authorizer;
    this.warning = warning;
    this.clock = clock;
  }

  /** Warns and ends the sessions for which it is time, and ends those that were revoked. */
  public void sweep() {
    Instant now = clock.instant();
    Instant soon = now.plus(warning);
    for (Session session : hub.sessions()) {
      Principal who = session.principal();
      Instant end = who.term().expiresAt();
      if (!end.isAfter(now) || authorizer.revoked(who)) {
        session.end(CloseReason.UNAUTHENTICATED);
      } else if (!end.isAfter(soon) && !who.isAnonymous() && session.warn(who)) {
        session.send(
            new ServerMessage.TokenExpiring(Math.max(1, Duration.between(now, end).toMillis())));
      }
    }
  }
}
