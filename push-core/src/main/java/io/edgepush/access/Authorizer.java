package io.edgepush.access;

import io.edgepush.model.ProblemException;
import io.edgepush.model.Topic;
import java.time.Duration;

/**
 * Decides who a client is and what it may do. Safe for any thread; {@code permits} does not block.
 */
public interface Authorizer {
  /**
   * Finds out who presents the credentials. May block (a key may have to be fetched).
   *
   * @throws ProblemException {@code UNAUTHENTICATED} when they are not valid; the detail does not
   *     say why in a way that helps a guesser
   */
  Principal authenticate(Credentials credentials);

  /** Whether the principal may do this with the topic. */
  boolean permits(Principal who, Action action, Topic topic);

  /**
   * Takes note that a publisher's request asked for something that is not permitted, so that
   * probing can be made slow. Does not block.
   *
   * @param peer the publisher's address
   */
  default void forbidden(Principal who, String peer) {}

  /** The longest that a token is valid; a revocation can be forgotten after as long. */
  default Duration tokenLifetime() {
    return Duration.ofDays(7);
  }

  /** Whether what the principal presented was withdrawn before its term ended; does not block. */
  default boolean revoked(Principal who) {
    return false;
  }
}
