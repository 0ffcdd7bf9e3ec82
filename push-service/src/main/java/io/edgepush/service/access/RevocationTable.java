package io.edgepush.service.access;

import io.edgepush.access.Principal;
import io.edgepush.model.Revocation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What this node knows to be revoked. As large as the backplane lets it become. Safe for any
 * thread.
 */
public final class RevocationTable implements Consumer<Revocation> {
  private record Subject(long issuedBeforeMs, long untilMs) {
    Subject and(Subject other) {
      return new Subject(
          Math.max(issuedBeforeMs, other.issuedBeforeMs), Math.max(untilMs, other.untilMs));
    }
  }

  private final InstantSource clock;
  private final Map<String, Long> tokens = new ConcurrentHashMap<>();
  private final Map<String, Subject> subjects = new ConcurrentHashMap<>();

  /** An empty table. */
  public RevocationTable(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void accept(Revocation revocation) {
    switch (revocation.kind()) {
      case TOKEN -> tokens.merge(revocation.name(), revocation.untilMs(), Math::max);
      case SUBJECT ->
          subjects.merge(
              revocation.name(),
              new Subject(revocation.issuedBeforeMs(), revocation.untilMs()),
              Subject::and);
    }
  }

  /** Forgets what can not matter any more. */
  public void forget() {
    long now = clock.millis();
    tokens.values().removeIf(until -> until <= now);
    subjects.values().removeIf(subject -> subject.untilMs() <= now);
  }

  /** How many there are. */
  public int size() {
    return tokens.size() + subjects.size();
  }

  /** Whether the token that the principal presented is revoked; API keys are not tokens. */
  boolean revoked(Principal who) {
    if (tokens.isEmpty() && subjects.isEmpty()
        || who.isAnonymous()
        || who.term().expiresAt().equals(Instant.MAX)) {
      return false;
    }
    if (!who.term().tokenId().isEmpty() && tokens.containsKey(who.term().tokenId())) {
      return true;
    }
    Subject subject = subjects.get(who.name());
    return subject != null
        && (who.term().issuedAt().equals(Instant.MIN)
            || subject.issuedBeforeMs() == Long.MAX_VALUE
            || who.term().issuedAt().toEpochMilli() < subject.issuedBeforeMs());
  }
}
