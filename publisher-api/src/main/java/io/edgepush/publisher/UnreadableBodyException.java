package io.edgepush.publisher;

import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;

/**
 * A body of which nobody knows where it ends. The connection is closed behind the answer: what
 * follows on it might be taken for a request that nobody sent.
 */
final class UnreadableBodyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  private UnreadableBodyException(Problem problem, Throwable cause) {
    super(problem.detail(), cause);
    this.problem = problem;
  }

  /** The body is not framed as HTTP/1.1 wants it. */
  static UnreadableBodyException malformed(String detail, Throwable cause) {
    return new UnreadableBodyException(Problem.of(Code.MALFORMED, detail), cause);
  }

  /** The body is larger than anything that is read. */
  static UnreadableBodyException tooLarge(Throwable cause) {
    return new UnreadableBodyException(RequestBody.tooLarge(), cause);
  }

  /** What to answer. */
  Problem problem() {
    return problem;
  }
}
