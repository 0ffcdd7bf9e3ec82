package io.edgepush.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A client's cursor: the newest id of each partition, copied in place (docs/PROTOCOL.md, ids and
 * cursors). For one thread.
 */
final class Trail {
  private static final int LONGEST_ID = 80;

  private byte[][] ids = {};
  private int[] lengths = {};

  /** Takes a whole cursor: ids separated by commas. */
  void cursor(byte[] b, int from, int to) {
    int begin = from;
    for (int i = from; i <= to; i++) {
      if (i == to || b[i] == ',') {
        id(b, begin, i);
        begin = i + 1;
      }
    }
  }

  /** Takes the id of an event; what is none is ignored. */
  void id(byte[] b, int from, int to) {
    int partition = 0;
    int i = from;
    while (i < to && b[i] >= '0' && b[i] <= '9' && partition < 16_384) {
      partition = partition * 10 + b[i++] - '0';
    }
    if (i == from || i == to || b[i] != ':' || to - from > LONGEST_ID) {
      return;
    }
    if (partition >= ids.length) {
      ids = Arrays.copyOf(ids, partition + 1);
      lengths = Arrays.copyOf(lengths, partition + 1);
    }
    if (ids[partition] == null) {
      ids[partition] = new byte[LONGEST_ID];
    }
    System.arraycopy(b, from, ids[partition], 0, to - from);
    lengths[partition] = to - from;
  }

  /** The cursor as text; empty when nothing is known. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ids.length; i++) {
      if (lengths[i] > 0) {
        text.append(text.isEmpty() ? "" : ",")
            .append(new String(ids[i], 0, lengths[i], StandardCharsets.US_ASCII));
      }
    }
    return text.toString();
  }
}
