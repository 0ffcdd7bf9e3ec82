package io.edgepush.publisher;

import io.edgepush.access.Principal;
import io.edgepush.model.Quota;

/** How many events a caller may publish. Safe for any thread; may block for a moment. */
@FunctionalInterface
public interface PublishQuota {
  /** As many as anybody likes. */
  PublishQuota UNLIMITED = (_, _, _) -> Quota.NONE;

  /**
   * Takes note of events that are about to be published.
   *
   * @param peer the caller's address
   * @return what is left, or {@link Quota#NONE} where there is no limit
   * @throws io.edgepush.model.ProblemException {@code TOO_MANY_REQUESTS}: none may be published
   */
  Quota take(Principal caller, String peer, int events);
}
