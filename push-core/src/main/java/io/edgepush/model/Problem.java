package io.edgepush.model;

import java.util.Objects;

/**
 * Something a client did wrong or that was refused, as a value. It reads the same on every way out:
 * RFC 9457 {@code application/problem+json} over HTTP, an {@code error} message on WebSocket and
 * SSE.
 *
 * @param code machine-readable kind, also the last part of the RFC 9457 {@code type}
 * @param detail one sentence for a developer that names what is wrong; never holds a secret
 * @param field the field, parameter or header at fault, or an empty string
 * @param retryAfterMs a hint in milliseconds when the same request may succeed, 0 where none is
 *     given
 * @param quota of the limit that refused it, or {@link Quota#NONE}
 */
public record Problem(Code code, String detail, String field, long retryAfterMs, Quota quota) {

  /**
   * The kinds of problems, with their HTTP status and title. The slug is what goes over the wire.
   */
  public enum Code {
    MALFORMED("malformed", 400, "Malformed request"),
    INVALID_FIELD("invalid-field", 400, "Invalid field"),
    UNKNOWN_FIELD("unknown-field", 400, "Unknown field"),
    INVALID_TOPIC("invalid-topic", 400, "Invalid topic"),
    INVALID_CURSOR("invalid-cursor", 400, "Invalid cursor"),
    UNAUTHENTICATED("unauthenticated", 401, "Authentication required"),
    FORBIDDEN("forbidden", 403, "Not permitted"),
    NOT_FOUND("not-found", 404, "Not found"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "Method not allowed"),
    TOO_LARGE("too-large", 413, "Too large"),
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "Unsupported media type"),
    UPGRADE_REQUIRED("upgrade-required", 426, "Upgrade required"),
    TOO_MANY_REQUESTS("too-many-requests", 429, "Too many requests"),
    INTERNAL("internal", 500, "Internal error"),
    UNAVAILABLE("unavailable", 503, "Unavailable");

    private final String slug;
    private final int status;
    private final String title;

    Code(String slug, int status, String title) {
      this.slug = slug;
      this.status = status;
      this.title = title;
    }

    /** The kind's name on the wire. */
    public String slug() {
      return slug;
    }

    /** The HTTP status that goes with it. */
    public int status() {
      return status;
    }

    /** A short sentence that is the same for every problem of this kind. */
    public String title() {
      return title;
    }
  }

  /** Rejects nulls and a negative hint. */
  public Problem {
    Objects.requireNonNull(code);
    Objects.requireNonNull(detail);
    Objects.requireNonNull(field);
    Objects.requireNonNull(quota);
    if (retryAfterMs < 0) {
      throw new IllegalArgumentException("retryAfterMs < 0");
    }
  }

  /** A problem that is not about a quota. */
  public Problem(Code code, String detail, String field, long retryAfterMs) {
    this(code, detail, field, retryAfterMs, Quota.NONE);
  }

  /** A problem that lies in one field, parameter or header. */
  public static Problem of(Code code, String field, String detail) {
    return new Problem(code, detail, field, 0);
  }

  /** A problem of the request as a whole. */
  public static Problem of(Code code, String detail) {
    return new Problem(code, detail, "", 0);
  }

  /** A passing refusal: the same request may succeed after {@code retryAfterMs} milliseconds. */
  public static Problem retryable(Code code, String detail, long retryAfterMs) {
    return new Problem(code, detail, "", retryAfterMs);
  }

  /** A refusal by a limit. */
  public static Problem limited(Code code, String detail, long retryAfterMs, Quota quota) {
    return new Problem(code, detail, "", retryAfterMs, quota);
  }

  /** This problem, thrown to where the request is answered. */
  public ProblemException exception() {
    return new ProblemException(this);
  }

  /** The same problem at a named place, such as {@code [3].topic} of a batch. */
  public Problem at(String place) {
    return new Problem(code, detail, place, retryAfterMs, quota);
  }
}
