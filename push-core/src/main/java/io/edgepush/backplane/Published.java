package io.edgepush.backplane;

import io.edgepush.model.EventId;
import java.util.Objects;

/**
 * A publication was stored.
 *
 * @param id the event's id; of a duplicate, the first one's
 * @param duplicate whether an event with the same idempotency key was already there, so that
 *     nothing was stored now
 */
public record Published(EventId id, boolean duplicate) {
  /** Rejects nulls. */
  public Published {
    Objects.requireNonNull(id);
  }
}
