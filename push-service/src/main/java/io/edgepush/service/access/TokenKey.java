package io.edgepush.service.access;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/**
 * Whose tokens are accepted, as configuration has it.
 *
 * @param name names the key in logs and metrics
 * @param id the {@code kid} of its tokens; empty for tokens without one. A JWKS has ids of its own
 * @param algorithms those that are accepted, at least one
 * @param source where the key is
 * @param issuer the {@code iss} that its tokens must have; empty for any
 * @param audience what the {@code aud} of its tokens must name; empty for any
 */
public record TokenKey(
    String name,
    String id,
    Set<Algorithm> algorithms,
    Source source,
    String issuer,
    String audience) {
  /** Copies the set. */
  public TokenKey {
    Objects.requireNonNull(name);
    algorithms = Set.copyOf(algorithms);
  }

  /** Where a key is. */
  public sealed interface Source {
    /** A secret in the configuration. */
    record Secret(String text) implements Source {
      @Override
      public String toString() {
        return "Secret[***]";
      }
    }

    /** A file that holds a secret. */
    record SecretFile(Path path) implements Source {}

    /** A public key or certificate in PEM, in the configuration. */
    record PublicKey(String pem) implements Source {}

    /** A file that holds a public key or certificate in PEM. */
    record PublicKeyFile(Path path) implements Source {}

    /** A file that holds a JSON Web Key Set (RFC 7517 §5). */
    record KeySetFile(Path path) implements Source {}

    /** Where a JSON Web Key Set is fetched. */
    record KeySetUrl(URI uri) implements Source {}
  }
}
