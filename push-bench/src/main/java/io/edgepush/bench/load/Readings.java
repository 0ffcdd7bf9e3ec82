package io.edgepush.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The buffer that all connections of a thread are read into, behind what they had left over. */
final class Readings {
  private static final int INITIAL = 1 << 20;
  private static final int MAX = 1 << 26;

  private byte[] bytes = new byte[INITIAL];
  private ByteBuffer buffer = ByteBuffer.wrap(bytes);

  byte[] bytes() {
    return bytes;
  }

  /** Reads once; returns as {@link Line#read}. The bytes begin with what was carried. */
  int from(Line line, byte[] carry, int carried) throws IOException {
    if (2 * carried > bytes.length) {
      if (bytes.length == MAX) {
        throw new IOException("a message of more than " + MAX / 2 + " bytes");
      }
      bytes = new byte[bytes.length * 2];
      buffer = ByteBuffer.wrap(bytes);
    }
    System.arraycopy(carry, 0, bytes, 0, carried);
    return line.read(buffer.clear().position(carried));
  }
}
