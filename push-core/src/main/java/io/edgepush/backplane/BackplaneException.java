package io.edgepush.backplane;

/** A fault of the backplane: it could not be reached, did not answer in time, or refused. */
public final class BackplaneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean outcomeUnknown;
  private final long retryAfterMs;

  /**
   * Creates a fault.
   *
   * @param message what happened, without secrets
   * @param cause what caused it
   * @param outcomeUnknown whether the command may have been executed all the same
   * @param retryAfterMs when a retry makes sense, in milliseconds from now
   */
  public BackplaneException(
      String message, Throwable cause, boolean outcomeUnknown, long retryAfterMs) {
    super(message, cause);
    this.outcomeUnknown = outcomeUnknown;
    this.retryAfterMs = retryAfterMs;
  }

  /**
   * Whether the command may have been executed: a publish is then safe to repeat with the same
   * idempotency key only.
   */
  public boolean outcomeUnknown() {
    return outcomeUnknown;
  }

  /** When a retry makes sense, in milliseconds from the failure. */
  public long retryAfterMs() {
    return retryAfterMs;
  }
}
