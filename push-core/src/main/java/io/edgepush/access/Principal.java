package io.edgepush.access;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * Who a client is.
 *
 * @param name the subject or the API key's name; {@link #ANONYMOUS} when nothing was presented
 * @param role at which door
 * @param grants what it may do by itself; configuration may open more to everybody
 * @param term for how long
 * @param limits limits by their names that hold instead of the configured ones
 */
public record Principal(
    String name, Credentials.Role role, Grants grants, Term term, Map<String, Long> limits) {
  /** The name of who presented nothing. */
  public static final String ANONYMOUS = "anonymous";

  /** Rejects nulls, copies the map. */
  public Principal {
    Objects.requireNonNull(name);
    Objects.requireNonNull(role);
    Objects.requireNonNull(grants);
    Objects.requireNonNull(term);
    limits = Map.copyOf(limits);
  }

  /** Somebody with nothing granted, for ever. */
  public Principal(String name, Credentials.Role role) {
    this(name, role, Grants.NONE, Term.ENDLESS, Map.of());
  }

  /** Somebody who has presented nothing yet, and has to before the term ends. */
  public static Principal undeclared(Credentials.Role role, Instant end) {
    return new Principal(ANONYMOUS, role, Grants.NONE, Term.until(end), Map.of());
  }

  /** Whether nothing was presented. */
  public boolean isAnonymous() {
    return name.equals(ANONYMOUS);
  }

  /** Whether nothing was presented though it has to be. */
  public boolean isUndeclared() {
    return isAnonymous() && !term.expiresAt().equals(Instant.MAX);
  }
}
