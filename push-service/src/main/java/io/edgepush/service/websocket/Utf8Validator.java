package io.edgepush.service.websocket;

/**
 * Checks UTF-8 (RFC 3629) as the bytes come, so that a text message is refused at the first byte
 * that can not be right. For one thread.
 */
final class Utf8Validator {
  /** How many continuation bytes are due. */
  private int due;

  /**
   * The bounds of the next continuation byte: narrower after E0, ED, F0 and F4 (no overlong forms,
   * no surrogates).
   */
  private int low = 0x80;

  private int high = 0xbf;

  /** Whether the bytes so far, together with these, are the beginning of valid text. */
  boolean accepts(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      int b = bytes[i] & 0xff;
      if (due > 0 ? !continues(b) : b >= 0x80 && !begins(b)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the text may end here. */
  boolean complete() {
    return due == 0;
  }

  private boolean continues(int b) {
    boolean within = b >= low && b <= high;
    due--;
    low = 0x80;
    high = 0xbf;
    return within;
  }

  private boolean begins(int b) {
    if (b >= 0xc2 && b <= 0xdf) {
      due = 1;
    } else if (b >= 0xe0 && b <= 0xef) {
      due = 2;
      low = b == 0xe0 ? 0xa0 : 0x80;
      high = b == 0xed ? 0x9f : 0xbf;
    } else if (b >= 0xf0 && b <= 0xf4) {
      due = 3;
      low = b == 0xf0 ? 0x90 : 0x80;
      high = b == 0xf4 ? 0x8f : 0xbf;
    } else {
      return false;
    }
    return true;
  }
}
