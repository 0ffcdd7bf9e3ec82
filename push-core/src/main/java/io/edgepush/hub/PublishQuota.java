package io.edgepush.hub;

import io.edgepush.access.Principal;
import io.edgepush.model.Quota;

/**
 * How many events a client may publish, at either door. Safe for any thread; may block for a
 * moment.
 */
@FunctionalInterface
public interface PublishQuota {
  /** As many as anybody likes. */
  PublishQuota UNLIMITED = (_, _, _) -> Quota.NONE;

  /**
   * Takes note of events that are about to be published.
   *
   * @param caller who publishes
   * @param peer its address
   * @param events how many
   * @return what is left, or {@link Quota#NONE} where there is no limit
   * @throws io.edgepush.model.ProblemException {@code TOO_MANY_REQUESTS}, or {@code UNAVAILABLE}
   *     while the node takes no publishes: none may be published
   */
  Quota take(Principal caller, String peer, int events);
}
