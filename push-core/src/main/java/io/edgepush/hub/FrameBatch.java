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
 */
public final class FrameBatch {
  private final ByteBuffer scratch;
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
    scratch = ByteBuffer.allocateDirect(maxBytes);
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
    scratch.clear();
    int from = offset;
    for (Outbox.Node n = node; n != null && scratch.hasRemaining(); n = n.ending ? null : n.next) {
      byte[] bytes = n.frame.bytes();
      scratch.put(bytes, from, Math.min(bytes.length - from, scratch.remaining()));
      from = 0;
    }
    return scratch.flip();
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
