package io.edgepush.access;

import java.util.Objects;

/**
 * Who a client is.
 *
 * @param name the subject or the API key's name; {@code anonymous} when nothing was presented
 * @param role at which door
 */
public record Principal(String name, Credentials.Role role) {
  /** Rejects nulls. */
  public Principal {
    Objects.requireNonNull(name);
    Objects.requireNonNull(role);
  }
}
