package io.edgepush.hub;

import io.edgepush.model.Position;

/**
 * Where a session's cursor stands in one partition: at the node's head when it is live, at its
 * replay's before.
 */
interface CursorSource {
  int partition();

  /** Everything up to here was appended to the session's outbox. Safe for any thread. */
  Position position();
}
