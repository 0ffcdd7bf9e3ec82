package io.edgepush.model;

import java.util.Objects;

/**
 * How much of a limit is left, for the fields {@code RateLimit} and {@code RateLimit-Policy} of the
 * IETF draft draft-ietf-httpapi-ratelimit-headers.
 *
 * @param policy the limit's name; empty where there is none to tell
 * @param limit so many a second, or at the same time
 * @param remaining how many are left now
 * @param concurrent whether the limit counts what goes on at the same time
 */
public record Quota(String policy, long limit, long remaining, boolean concurrent) {
  /** Nothing to tell. */
  public static final Quota NONE = new Quota("", 0, 0, false);

  /** Rejects null; what is left is never negative. */
  public Quota {
    Objects.requireNonNull(policy);
    remaining = Math.max(0, remaining);
  }

  /** Whether there is anything to tell. */
  public boolean given() {
    return !policy.isEmpty();
  }

  /** The value of {@code RateLimit-Policy}. */
  public String policyField() {
    return "\"" + policy + "\";q=" + limit + (concurrent ? ";qu=\"concurrent-requests\"" : ";w=1");
  }

  /** The value of {@code RateLimit}. */
  public String stateField() {
    return "\"" + policy + "\";r=" + remaining + (concurrent ? "" : ";t=1");
  }
}
