package io.edgepush.bench.load;

import java.util.Arrays;

/**
 * What one connection has received: for each of its topics and each lane the next sequence number,
 * and those that were passed over. For one thread.
 */
public final class Ledger {
  private final int[] topics;
  private final int lanes;
  private final long[] next;
  private Missing[] missing = {};

  /**
   * Nothing is received yet.
   *
   * @param topics the numbers of the subscribed topics, ascending
   * @param lanes how many publishers number their events
   */
  public Ledger(int[] topics, int lanes) {
    this.topics = topics.clone();
    this.lanes = lanes;
    this.next = new long[topics.length * lanes];
  }

  /** The numbers of the subscribed topics. */
  public int[] topics() {
    return topics.clone();
  }

  /** Notes an event, and what it means in the counts. */
  public void received(int topic, int lane, long seq, Counts counts) {
    int slot = topics.length == 1 && topics[0] == topic ? 0 : Arrays.binarySearch(topics, topic);
    if (slot < 0 || lane >= lanes) {
      counts.foreign++;
      return;
    }
    int i = slot * lanes + lane;
    long expected = next[i];
    if (seq == expected) {
      next[i] = seq + 1;
    } else if (seq > expected) {
      passedOver(i, expected, seq);
      next[i] = seq + 1;
    } else if (i < missing.length && missing[i] != null && missing[i].remove(seq)) {
      counts.late++;
    } else {
      counts.duplicates++;
      return;
    }
    counts.received++;
  }

  private void passedOver(int i, long from, long to) {
    if (missing.length == 0) {
      missing = new Missing[next.length];
    }
    if (missing[i] == null) {
      missing[i] = new Missing();
    }
    missing[i].add(from, to);
  }

  /**
   * How many events did not arrive.
   *
   * @param published how many events there were, by {@code topic * lanes + lane}
   */
  public long lost(long[] published) {
    long lost = 0;
    for (int i = 0; i < next.length; i++) {
      lost += Math.max(0, published[topics[i / lanes] * lanes + i % lanes] - next[i]);
      if (i < missing.length && missing[i] != null) {
        lost += missing[i].count();
      }
    }
    return lost;
  }
}
