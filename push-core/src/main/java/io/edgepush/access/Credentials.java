package io.edgepush.access;

import java.util.Objects;

/**
 * What a client presents.
 *
 * @param role at which door
 * @param token the bearer token or API key; empty when none was presented. A secret: never log it
 * @param peer the client's address, for logs
 */
public record Credentials(Role role, String token, String peer) {
  /** The doors. */
  public enum Role {
    /** The public listener. */
    SUBSCRIBER,
    /** The publisher API. */
    PUBLISHER
  }

  /** Rejects nulls. */
  public Credentials {
    Objects.requireNonNull(role);
    Objects.requireNonNull(token);
    Objects.requireNonNull(peer);
  }

  @Override
  public String toString() {
    return "Credentials[role="
        + role
        + ", token="
        + (token.isEmpty() ? "none" : "***")
        + ", peer="
        + peer
        + "]";
  }
}
