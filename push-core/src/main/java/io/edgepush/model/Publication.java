package io.edgepush.model;

import java.util.Objects;

/**
 * An event on its way in: not yet stored, without a position.
 *
 * @param topic where it goes
 * @param content what it says
 * @param idempotencyKey two publications to the same topic with the same key within its lifetime
 *     are one event; at most 200 characters, never empty (publishers that give none get one made
 *     for them)
 * @param keyGiven whether the publisher gave the key (kept for 5 minutes) or we made it (kept for
 *     30 seconds, which covers our own retries)
 */
public record Publication(Topic topic, Content content, String idempotencyKey, boolean keyGiven) {

  /**
   * Checks the key.
   *
   * @throws ProblemException {@link Problem.Code#INVALID_FIELD} when the key is too long or holds
   *     control characters
   */
  public Publication {
    Objects.requireNonNull(topic);
    Objects.requireNonNull(content);
    Content.checkName("id", idempotencyKey);
    if (idempotencyKey.isEmpty()) {
      throw Problem.of(Problem.Code.INVALID_FIELD, "id", "id must not be empty").exception();
    }
  }
}
