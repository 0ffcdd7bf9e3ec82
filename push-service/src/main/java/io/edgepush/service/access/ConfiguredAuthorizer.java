package io.edgepush.service.access;

import com.github.benmanes.caffeine.cache.Ticker;
import io.edgepush.access.Action;
import io.edgepush.access.Authorizer;
import io.edgepush.access.Credentials;
import io.edgepush.access.Credentials.Role;
import io.edgepush.access.Principal;
import io.edgepush.access.Term;
import io.edgepush.model.Problem;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Topic;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * What configuration permits: publishers present an API key or a token, subscribers a token, or
 * nothing where a namespace is open to everybody. Every refusal reads the same, whatever was wrong.
 */
public final class ConfiguredAuthorizer implements Authorizer {
  /** How long a connection may be without a token where everybody needs one. */
  public static final Duration TIME_TO_DECLARE = Duration.ofSeconds(10);

  private static final System.Logger LOG = System.getLogger(ConfiguredAuthorizer.class.getName());

  private final AccessStatistics statistics = new AccessStatistics();
  private final ProbeLimiter limiter;
  private final TokenKeys tokenKeys;
  private final TokenVerifier verifier;
  private final Duration lifetime;
  private final RevocationTable revocations;
  private final Predicate<Topic> open;
  private final boolean anyOpen;
  private final InstantSource clock;
  private volatile List<PublisherKey> publisherKeys;

  /**
   * An authorizer.
   *
   * @param tokenKeys what tokens are verified with
   * @param leeway how much the clocks of an issuer and of this node may differ
   * @param lifetime how long a token may be valid
   * @param revocations what is revoked
   * @param open whether anybody may subscribe the topic
   * @param anyOpen whether there is such a topic
   */
  public ConfiguredAuthorizer(
      List<PublisherKey> publisherKeys,
      TokenKeys tokenKeys,
      Duration leeway,
      Duration lifetime,
      RevocationTable revocations,
      Predicate<Topic> open,
      boolean anyOpen,
      InstantSource clock) {
    this.publisherKeys = List.copyOf(publisherKeys);
    this.tokenKeys = tokenKeys;
    this.verifier = new TokenVerifier(tokenKeys, leeway, lifetime, clock);
    this.lifetime = lifetime.plus(leeway);
    this.revocations = revocations;
    this.open = open;
    this.anyOpen = anyOpen;
    this.clock = clock;
    this.limiter = new ProbeLimiter(Ticker.systemTicker());
  }

  /** An authorizer without tokens. */
  public ConfiguredAuthorizer(List<PublisherKey> publisherKeys, Predicate<Topic> open) {
    this(
        publisherKeys,
        new TokenKeys(InstantSource.system()),
        Duration.ZERO,
        Duration.ZERO,
        new RevocationTable(InstantSource.system()),
        open,
        true,
        InstantSource.system());
  }

  /** Takes other API keys from now on. */
  public void publisherKeys(List<PublisherKey> keys) {
    publisherKeys = List.copyOf(keys);
  }

  /** How much may be tried in vain from now on. */
  public void probes(ProbeLimits limits) {
    limiter.change(limits);
  }

  /** How often each of the limits on what is tried in vain held somebody up, by their names. */
  public Map<String, LongAdder> overProbes() {
    return Map.of(
        ProbeLimiter.REFUSALS,
        limiter.overRefusals(),
        ProbeLimiter.FORBIDDEN,
        limiter.overForbidden());
  }

  @Override
  public void forbidden(Principal who, String peer) {
    limiter.forbidden(peer, who.name());
  }

  /** Who was let in and who was not. */
  public AccessStatistics statistics() {
    return statistics;
  }

  @Override
  public Principal authenticate(Credentials credentials) {
    Role role = credentials.role();
    if (credentials.token().isEmpty() && role == Role.SUBSCRIBER) {
      return anyOpen
          ? new Principal(Principal.ANONYMOUS, role)
          : Principal.undeclared(role, clock.instant().plus(TIME_TO_DECLARE));
    }
    byte[] hash = PublisherKey.hash(credentials.token());
    // Many browsers share an address, and a signature can not be guessed anyway.
    if (role == Role.PUBLISHER) {
      requireFew(() -> limiter.requireFew(credentials.peer(), hash));
    }
    Principal who = accepted(credentials, hash);
    if (role == Role.PUBLISHER) {
      requireFew(() -> limiter.requireFewForbidden(credentials.peer(), who.name()));
    }
    return who;
  }

  private void requireFew(Runnable look) {
    try {
      look.run();
    } catch (ProblemException e) {
      statistics.refused().get(Role.PUBLISHER).get(Refusal.TOO_MANY).increment();
      throw e;
    }
  }

  private Principal accepted(Credentials credentials, byte[] hash) {
    Role role = credentials.role();
    try {
      Principal who = identified(credentials, hash);
      if (revocations.revoked(who)) {
        throw new RefusedException(Refusal.REVOKED);
      }
      statistics.accepted().get(role).increment();
      limiter.accepted(hash);
      return who;
    } catch (RefusedException e) {
      statistics.refused().get(role).get(e.refusal()).increment();
      limiter.refused(credentials.peer());
      LOG.log(
          Level.DEBUG,
          "refused a {0} at {1}: {2}",
          role == Role.PUBLISHER ? "publisher" : "subscriber",
          credentials.peer(),
          e.refusal().slug());
      throw Problem.of(
              Problem.Code.UNAUTHENTICATED,
              role == Role.PUBLISHER
                  ? "a valid API key or token is required"
                  : "the token is not valid")
          .exception();
    }
  }

  private Principal identified(Credentials credentials, byte[] hash) throws RefusedException {
    String token = credentials.token();
    if (credentials.role() == Role.SUBSCRIBER) {
      return verifier.verify(token, Role.SUBSCRIBER);
    }
    if (token.isEmpty()) {
      throw new RefusedException(Refusal.MISSING);
    }
    PublisherKey found = null;
    for (PublisherKey key : publisherKeys) {
      if (key.is(hash)) {
        found = key; // and goes on, so that the time taken does not tell which one it was
      }
    }
    if (found != null) {
      return new Principal(found.name(), Role.PUBLISHER, found.grants(), Term.ENDLESS, Map.of());
    }
    if (tokenKeys.any() && token.indexOf('.') >= 0) {
      return verifier.verify(token, Role.PUBLISHER);
    }
    throw new RefusedException(Refusal.KEY);
  }

  @Override
  public boolean permits(Principal who, Action action, Topic topic) {
    boolean permitted =
        switch (who.role()) {
          case PUBLISHER ->
              action == Action.REVOKE
                  ? who.grants().permit(action)
                  : action != Action.SUBSCRIBE && who.grants().permit(action, topic);
          case SUBSCRIBER ->
              who.grants().permit(action, topic) || action == Action.SUBSCRIBE && open.test(topic);
        };
    if (!permitted) {
      statistics.forbidden().get(who.role()).increment();
    }
    return permitted;
  }

  @Override
  public Duration tokenLifetime() {
    return lifetime;
  }

  @Override
  public boolean revoked(Principal who) {
    return revocations.revoked(who);
  }
}
