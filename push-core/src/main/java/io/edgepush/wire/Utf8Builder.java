package io.edgepush.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Grows a byte array that holds JSON or SSE text in UTF-8. For one thread. */
final class Utf8Builder {
  private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

  private byte[] bytes;
  private int length;

  Utf8Builder(int expectedLength) {
    bytes = new byte[expectedLength];
  }

  /** Appends ASCII as it is. */
  @SuppressWarnings(
      "deprecation") // getBytes(int, int, byte[], int) is the one copy of ASCII without an encoder
  Utf8Builder ascii(String text) {
    int n = text.length();
    room(n);
    text.getBytes(0, n, bytes, length);
    length += n;
    return this;
  }

  /**
   * Appends a JSON string with its quotes. Half of a surrogate pair, which UTF-8 can not carry,
   * becomes a question mark.
   */
  Utf8Builder quoted(String text) {
    single('"');
    if (plain(text)) {
      ascii(text);
    } else {
      raw(
          ENCODER.quoteAsUTF8(
              new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)));
    }
    return single('"');
  }

  /** Appends bytes as they are. */
  Utf8Builder raw(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
    return this;
  }

  /** Appends one ASCII character. */
  Utf8Builder single(char c) {
    room(1);
    bytes[length++] = (byte) c;
    return this;
  }

  /** Appends a decimal number. */
  Utf8Builder number(long value) {
    return ascii(Long.toString(value));
  }

  byte[] toBytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }

  private static boolean plain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }
}
