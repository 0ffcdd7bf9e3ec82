package io.edgepush.service.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A publisher's API key, as configuration has it.
 *
 * @param name names the key in logs
 * @param sha256 the key's SHA-256 in lower-case hexadecimal
 */
public record PublisherKey(String name, String sha256) {
  /** Checks the form. */
  public PublisherKey {
    if (name.isEmpty() || !sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "a publisher key has a name and a sha256 of 64 lower-case hexadecimal digits");
    }
  }

  /** Whether this is the key; takes the same time whether it is or not. */
  boolean is(byte[] presentedSha256) {
    return MessageDigest.isEqual(HexFormat.of().parseHex(sha256), presentedSha256);
  }

  static byte[] hash(String presented) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(presented.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
