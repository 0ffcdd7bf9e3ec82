package io.edgepush.hub;

import io.edgepush.wire.CloseReason;
import io.edgepush.wire.WireFormat;

/**
 * How a session's frames reach its client: WebSocket and SSE over a channel, long-poll over an HTTP
 * answer. {@code write} is called by one drainer at a time.
 */
public interface Transport {
  /** The format of the frames that {@link #write} gets. */
  WireFormat format();

  /** Whether the transport is done after what fits one answer: long-poll. */
  boolean singleBatch();

  /**
   * Writes as much of the batch as goes without blocking, in order, and marks it as written in the
   * batch.
   *
   * @return {@code PART} when the rest has to wait until the client reads on: the transport has
   *     then arranged that its outbox is drained again when it can take more
   */
  Written write(FrameBatch batch);

  /**
   * Ends the connection; what was written before still arrives where the network lets it.
   * Idempotent, never blocks.
   */
  void close(CloseReason reason);

  /** What became of a batch. */
  enum Written {
    /** All of it went out. */
    ALL,
    /** Some of it, or nothing. */
    PART,
    /** The connection is no more. */
    GONE
  }
}
