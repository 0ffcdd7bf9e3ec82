package io.edgepush.wire;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The compression of one WebSocket message on its own (RFC 7692 §7.2, {@code no_context_takeover}
 * on both sides). Safe for any thread; never blocks.
 */
public final class PerMessageDeflate {
  /** Below this size a message is left as it is: the gain would be a few bytes. */
  private static final int LEAST = 64;

  private static final int LEVEL = 4;

  /** What every sync flush ends with; it is not sent (§7.2.1). */
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  /** Compressors hold 256 KiB outside the heap each: a few are kept, more are made for a moment. */
  private static final BlockingQueue<Deflater> IDLE = new ArrayBlockingQueue<>(4);

  private PerMessageDeflate() {}

  /** The concatenation of parts, compressed; empty when that makes it no smaller. */
  static Optional<byte[]> deflate(byte[]... parts) {
    int size = 0;
    for (byte[] part : parts) {
      size += part.length;
    }
    if (size < LEAST) {
      return Optional.empty();
    }
    Deflater idle = IDLE.poll();
    Deflater deflater = idle == null ? new Deflater(LEVEL, true) : idle;
    try {
      return deflate(deflater, parts, size);
    } finally {
      deflater.reset();
      if (!IDLE.offer(deflater)) {
        deflater.end();
      }
    }
  }

  private static Optional<byte[]> deflate(Deflater deflater, byte[][] parts, int size) {
    byte[] out = new byte[size + TAIL.length];
    int length = 0;
    for (int i = 0; i < parts.length; i++) {
      deflater.setInput(parts[i]);
      int flush = i == parts.length - 1 ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH;
      length += deflater.deflate(out, length, out.length - length, flush);
    }
    // A full buffer may mean that more is to come: then it is no smaller anyway.
    return length == out.length
        ? Optional.empty()
        : Optional.of(Arrays.copyOf(out, length - TAIL.length));
  }

  /**
   * A message as it was before its sender compressed it.
   *
   * @param maxBytes the most that it may be; no more is ever held
   * @return empty when it is more than {@code maxBytes}
   * @throws DataFormatException when it is not compressed data
   */
  public static Optional<byte[]> inflate(byte[] compressed, int maxBytes)
      throws DataFormatException {
    Inflater inflater = new Inflater(true);
    try {
      return inflate(inflater, Arrays.copyOf(compressed, compressed.length + 4), maxBytes);
    } finally {
      inflater.end();
    }
  }

  private static Optional<byte[]> inflate(Inflater inflater, byte[] in, int maxBytes)
      throws DataFormatException {
    System.arraycopy(TAIL, 0, in, in.length - TAIL.length, TAIL.length);
    inflater.setInput(in);
    byte[] out = new byte[Math.min(maxBytes, 4 * in.length) + 1];
    int length = 0;
    while (true) {
      length += inflater.inflate(out, length, out.length - length);
      if (length > maxBytes) {
        return Optional.empty();
      }
      if (length == out.length) {
        out = Arrays.copyOf(out, Math.min(maxBytes + 1, 2 * out.length));
      } else if (inflater.needsDictionary()) {
        throw new DataFormatException("a preset dictionary");
      } else if (inflater.finished() && inflater.getRemaining() > 0) {
        // A block that is marked as the last one may be followed by others (§7.2.3.4).
        int rest = inflater.getRemaining();
        inflater.reset();
        inflater.setInput(in, in.length - rest, rest);
      } else {
        return Optional.of(Arrays.copyOf(out, length));
      }
    }
  }
}
