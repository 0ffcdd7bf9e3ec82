package io.edgepush.wire;

import io.edgepush.model.Problem;

/** A problem as RFC 9457 {@code application/problem+json}. */
public final class ProblemJson {
  /** The media type. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private ProblemJson() {}

  /** The problem object in UTF-8. */
  public static byte[] encode(Problem problem) {
    Problem.Code code = problem.code();
    Utf8Builder out =
        new Utf8Builder(256).ascii("{\"type\":\"urn:edgepush:problem:").ascii(code.slug());
    out.ascii("\",\"title\":").quoted(code.title()).ascii(",\"status\":").number(code.status());
    out.ascii(",\"code\":").quoted(code.slug()).ascii(",\"detail\":").quoted(problem.detail());
    if (!problem.field().isEmpty()) {
      out.ascii(",\"field\":").quoted(problem.field());
    }
    if (problem.retryAfterMs() > 0) {
      out.ascii(",\"retryAfterMs\":").number(problem.retryAfterMs());
    }
    return out.single('}').toBytes();
  }
}
