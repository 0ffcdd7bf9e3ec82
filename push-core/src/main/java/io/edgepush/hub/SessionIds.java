package io.edgepush.hub;

import java.security.SecureRandom;

/**
 * Makes session ids: 12 characters of 62, from a secure source, so that nobody guesses another's.
 */
final class SessionIds {
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int LENGTH = 12;

  /** Above it a byte is not taken: the digits would not be equally likely. */
  private static final int FAIR = 256 / DIGITS.length() * DIGITS.length();

  private final SecureRandom random = new SecureRandom();

  /** Drawn ahead, as each call of the source costs about a microsecond. */
  private final byte[] drawn = new byte[1_024];

  private int used = drawn.length;

  synchronized String next() {
    StringBuilder id = new StringBuilder(LENGTH);
    while (id.length() < LENGTH) {
      if (used == drawn.length) {
        random.nextBytes(drawn);
        used = 0;
      }
      int b = drawn[used++] & 0xff;
      if (b < FAIR) {
        id.append(DIGITS.charAt(b % DIGITS.length()));
      }
    }
    return id.toString();
  }
}
