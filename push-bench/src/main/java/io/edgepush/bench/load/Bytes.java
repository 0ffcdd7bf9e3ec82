package io.edgepush.bench.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Looks for things in bytes, where they lie. */
final class Bytes {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final byte[] HEAD_END = ascii("\r\n\r\n");
  private static final byte[] CONTENT_LENGTH = ascii("\r\ncontent-length:");

  private Bytes() {}

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Where the text first is, or −1. */
  static int find(byte[] text, byte[] b, int from, int to) {
    for (int i = from; i <= to - text.length; i++) {
      if (b[i] == text[0] && startsWith(text, b, i, to)) {
        return i;
      }
    }
    return -1;
  }

  static boolean startsWith(byte[] text, byte[] b, int from, int to) {
    if (to - from < text.length) {
      return false;
    }
    for (int i = 0; i < text.length; i++) {
      if (b[from + i] != text[i]) {
        return false;
      }
    }
    return true;
  }

  /** Where a byte first is, or {@code to}. Eight at a time: this is where SSE spends its time. */
  static int indexOf(char sought, byte[] b, int from, int to) {
    long pattern = sought * ONES;
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      long difference = (long) LONGS.get(b, i) ^ pattern;
      long zeros = (difference - ONES) & ~difference & HIGH_BITS;
      if (zeros != 0) {
        return i + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
      }
    }
    while (i < to && b[i] != sought) {
      i++;
    }
    return i;
  }

  /** Where the body of an HTTP message begins, or −1 when its head is not all there. */
  static int body(byte[] b, int from, int to) {
    int end = find(HEAD_END, b, from, to);
    return end < 0 ? -1 : end + HEAD_END.length;
  }

  /** The status of an HTTP answer, whose head is there. */
  static int status(byte[] b, int from) {
    return (b[from + 9] - '0') * 100 + (b[from + 10] - '0') * 10 + b[from + 11] - '0';
  }

  /** The Content-Length in a head, or −1. */
  static int contentLength(byte[] b, int from, int body) {
    for (int i = from; i <= body - CONTENT_LENGTH.length; i++) {
      int k = 0;
      while (k < CONTENT_LENGTH.length && lower(b[i + k]) == CONTENT_LENGTH[k]) {
        k++;
      }
      if (k == CONTENT_LENGTH.length) {
        return number(b, i + k, body);
      }
    }
    return -1;
  }

  private static int lower(byte c) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
  }

  private static int number(byte[] b, int from, int to) {
    int value = 0;
    for (int i = from; i < to && b[i] != '\r'; i++) {
      if (b[i] >= '0' && b[i] <= '9') {
        value = value * 10 + b[i] - '0';
      }
    }
    return value;
  }
}
