package io.edgepush.model;

/**
 * Carries a {@link Problem} to the place that answers the request. It has no stack trace: it is an
 * answer, not a fault.
 */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** What to answer. */
  public Problem problem() {
    return problem;
  }
}
