package io.edgepush.model;

import java.util.Objects;

/**
 * How much of a limit is left, for the fields {@code RateLimit} and {@code RateLimit-Policy} of the
 * IETF draft draft-ietf-httpapi-ratelimit-headers.
 *
 * @param policy the limit's name; empty where there is none to tell
 * @param limit so many in a window, or at the same time
 * @param remaining how many are left now
 * @param windowSeconds how long a window is; 0 where the limit counts what goes on at the same time
 * @param resetSeconds after how long there are more; not told where that is 0
 */
public record Quota(
    String policy, long limit, long remaining, long windowSeconds, long resetSeconds) {
  /** Nothing to tell. */
  public static final Quota NONE = new Quota("", 0, 0, 0, 0);

  /** Rejects null; what is left is never negative. */
  public Quota {
    Objects.requireNonNull(policy);
    remaining = Math.max(0, remaining);
  }

  /** Of a limit that counts a second. */
  public static Quota perSecond(String policy, long limit, long remaining) {
    return new Quota(policy, limit, remaining, 1, 1);
  }

  /** Of a limit that counts what goes on at the same time, of which nothing is left. */
  public static Quota concurrent(String policy, long limit) {
    return new Quota(policy, limit, 0, 0, 0);
  }

  /** Whether there is anything to tell. */
  public boolean given() {
    return !policy.isEmpty();
  }

  /** The value of {@code RateLimit-Policy}. */
  public String policyField() {
    String what = windowSeconds == 0 ? ";qu=\"concurrent-requests\"" : ";w=" + windowSeconds;
    return "\"" + policy + "\";q=" + limit + what;
  }

  /** The value of {@code RateLimit}. */
  public String stateField() {
    String reset = resetSeconds == 0 ? "" : ";t=" + resetSeconds;
    return "\"" + policy + "\";r=" + remaining + reset;
  }
}
