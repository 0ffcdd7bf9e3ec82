package io.edgepush.publisher;

import io.edgepush.backplane.BackplaneException;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;

/** Faults of ours as problems: no word of what is inside. */
final class Problems {
  private Problems() {}

  /** Of a fault that the log explains. */
  static Problem internal() {
    return Problem.of(Code.INTERNAL, "this service failed; its log says why");
  }

  /** Of an event store that cannot be read or changed now. */
  static Problem unavailable(BackplaneException fault) {
    return Problem.retryable(
        Code.UNAVAILABLE, "the event store cannot be reached now", retryAfterMs(fault));
  }

  /** When to come back, in milliseconds: at least 1. */
  static long retryAfterMs(BackplaneException fault) {
    return fault.retryAfterMs() > 0 ? fault.retryAfterMs() : Waiting.RETRY_MS;
  }
}
