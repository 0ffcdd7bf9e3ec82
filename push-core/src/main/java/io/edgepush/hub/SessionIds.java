package io.edgepush.hub;

import java.security.SecureRandom;

/**
 * Makes session ids: 12 characters of 62, from a secure source, so that nobody guesses another's.
 */
final class SessionIds {
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int LENGTH = 12;

  private final SecureRandom random = new SecureRandom();

  String next() {
    StringBuilder id = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      id.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return id.toString();
  }
}
