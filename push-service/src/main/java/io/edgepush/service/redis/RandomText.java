package io.edgepush.service.redis;

import java.util.concurrent.ThreadLocalRandom;

/** Random letters and digits, for names that nobody has to guess or may not guess. */
final class RandomText {
  private static final String DIGITS =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final int EPOCH_LENGTH = 6;

  private RandomText() {}

  static String of(int length) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return text.toString();
  }

  /**
   * An epoch to begin where there is none: another one with each call, so that no two stores ever
   * share one.
   */
  static byte[] epoch() {
    return Keys.bytes(of(EPOCH_LENGTH));
  }
}
