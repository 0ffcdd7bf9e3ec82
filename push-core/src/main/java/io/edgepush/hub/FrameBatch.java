package io.edgepush.hub;

import io.edgepush.model.EventId;
import io.edgepush.wire.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a drainer hands to a transport in one call: frames, the first of which may be written in
 * part already. One object a drainer, used again for each call; for the drainer's thread alone.
 *
 * <p>Frames are joined in one buffer, which stays from call to call: connections with the same
 * frames pending, or the same first frames, share what was joined for the one before.
 */
public final class FrameBatch {
  private static final int MOST_SHARED = 1_024;

  private final ByteBuffer joined;

  /** The whole frames at the begin of {@link #joined}, and where each of them ends. */
  private final byte[][] shared = new byte[MOST_SHARED][];

  private final int[] ends = new int[MOST_SHARED];
  private int sharedCount;

  private Outbox.Node node;
  private int offset;
  private boolean ended;
  private long cost;
  private EventId newestEvent;

  /**
   * A batch of at most so many bytes.
   *
   * @param maxBytes the size of its buffer
   */
  public FrameBatch(int maxBytes) {
    joined = ByteBuffer.allocateDirect(maxBytes);
  }

  void begin(Outbox.Node first, int firstOffset) {
    node = first;
    offset = firstOffset;
    ended = false;
    cost = 0;
  }

  /**
   * The bytes to write next, joined; as many as fit. Report what was written by {@link #written}.
   * Valid until the next call.
   */
  public ByteBuffer buffer() {
    joined.clear();
    Outbox.Node n = node;
    if (offset > 0) {
      sharedCount = 0;
      put(n.frame.bytes(), offset);
      n = following(n);
    } else {
      int i = 0;
      while (n != null && i < sharedCount && shared[i] == n.frame.bytes()) {
        i++;
        n = following(n);
      }
      sharedCount = i;
      joined.position(i == 0 ? 0 : ends[i - 1]);
    }
    for (; n != null && joined.hasRemaining(); n = following(n)) {
      byte[] bytes = n.frame.bytes();
      boolean whole = bytes.length <= joined.remaining();
      put(bytes, 0);
      if (whole && offset == 0 && sharedCount < MOST_SHARED) {
        shared[sharedCount] = bytes;
        ends[sharedCount++] = joined.position();
      }
    }
    return joined.flip();
  }

  private void put(byte[] bytes, int from) {
    joined.put(bytes, from, Math.min(bytes.length - from, joined.remaining()));
  }

  /** Behind the last frame of a connection nothing is written. */
  private static Outbox.Node following(Outbox.Node n) {
    return n.ending ? null : n.next;
  }

  /** Notes that so many bytes of {@link #buffer()} were written. */
  public void written(int bytes) {
    int left = bytes;
    while (node != null && left >= node.frame.size() - offset) {
      left -= node.frame.size() - offset;
      finishFrame();
    }
    offset += left;
  }

  /** All whole frames, noted as written: for a transport that composes an answer of its own. */
  public List<Frame> takeAll() {
    List<Frame> frames = new ArrayList<>();
    while (node != null) {
      frames.add(node.frame);
      finishFrame();
    }
    return frames;
  }

  /** The last event of which all was written since this was asked before. */
  public Optional<EventId> takeNewestEvent() {
    Optional<EventId> newest = Optional.ofNullable(newestEvent);
    newestEvent = null;
    return newest;
  }

  private void finishFrame() {
    cost += (long) node.frame.size() + Outbox.OVERHEAD;
    if (node.frame.kind() == Frame.Kind.EVENT) {
      newestEvent = node.frame.eventId().orElse(null);
    }
    ended = node.ending;
    node = ended ? null : node.next;
    offset = 0;
  }

  /** Whether the connection's last frame was written. */
  boolean ended() {
    return ended;
  }

  Outbox.Node rest() {
    return node;
  }

  int restOffset() {
    return offset;
  }

  long writtenCost() {
    return cost;
  }
}
