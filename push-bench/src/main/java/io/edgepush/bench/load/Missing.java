package io.edgepush.bench.load;

/**
 * Sequence numbers that were passed over, as ranges in ascending order. Holds at most {@link
 * #MAX_RANGES}; beyond, the oldest are lost for good: should one come after all, it counts as a
 * duplicate.
 */
final class Missing {
  static final int MAX_RANGES = 4_096;

  private long[] from = new long[4];
  private long[] to = new long[4];
  private int size;
  private long settled;

  /** Adds [first, end), which lies behind everything that was added before. */
  void add(long first, long end) {
    if (size == MAX_RANGES) {
      settled += to[0] - from[0];
      delete(0);
    }
    insert(size, first, end);
  }

  /** Takes a number out; false when it is not missing. */
  boolean remove(long number) {
    int i = 0;
    while (i < size && to[i] <= number) {
      i++;
    }
    if (i == size || from[i] > number) {
      return false;
    }
    long end = to[i];
    to[i] = number;
    if (from[i] == number) {
      from[i] = number + 1;
      to[i] = end;
      if (from[i] == end) {
        delete(i);
      }
    } else if (number + 1 < end) {
      insert(i + 1, number + 1, end);
    }
    return true;
  }

  /** How many are missing. */
  long count() {
    long count = settled;
    for (int i = 0; i < size; i++) {
      count += to[i] - from[i];
    }
    return count;
  }

  private void insert(int i, long first, long end) {
    if (size == from.length) {
      from = java.util.Arrays.copyOf(from, size * 2);
      to = java.util.Arrays.copyOf(to, size * 2);
    }
    System.arraycopy(from, i, from, i + 1, size - i);
    System.arraycopy(to, i, to, i + 1, size - i);
    from[i] = first;
    to[i] = end;
    size++;
  }

  private void delete(int i) {
    size--;
    System.arraycopy(from, i + 1, from, i, size - i);
    System.arraycopy(to, i + 1, to, i, size - i);
  }
}
