package io.edgepush.service.access;

import java.util.Optional;

/**
 * The signature algorithms that are known (RFC 7518 §3.1). {@code none} is not among them, so it
 * can not be configured either.
 */
public enum Algorithm {
  HS256(Kind.SECRET, 256),
  HS384(Kind.SECRET, 384),
  HS512(Kind.SECRET, 512),
  RS256(Kind.RSA, 2_048),
  RS384(Kind.RSA, 2_048),
  RS512(Kind.RSA, 2_048),
  ES256(Kind.ELLIPTIC, 256),
  ES384(Kind.ELLIPTIC, 384),
  ES512(Kind.ELLIPTIC, 521);

  /** What a key is. */
  enum Kind {
    SECRET,
    RSA,
    ELLIPTIC
  }

  private final Kind kind;
  private final int bits;

  Algorithm(Kind kind, int bits) {
    this.kind = kind;
    this.bits = bits;
  }

  /** What a key of this algorithm is. */
  Kind kind() {
    return kind;
  }

  /** The least size of a secret or RSA key (RFC 7518 §3.2, §3.3), the size of the curve's field. */
  int bits() {
    return bits;
  }

  /** The algorithm of this name, which is case-sensitive. */
  public static Optional<Algorithm> of(String name) {
    for (Algorithm algorithm : values()) {
      if (algorithm.name().equals(name)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }
}
