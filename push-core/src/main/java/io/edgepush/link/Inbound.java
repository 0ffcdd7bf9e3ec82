package io.edgepush.link;

import java.nio.ByteBuffer;

/**
 * What becomes of the bytes that a client sends after the upgrade: the WebSocket parser, or SSE's
 * indifference. Called on the selector's thread, one call at a time; must not block.
 */
public interface Inbound {
  /**
   * Takes all bytes of the buffer, which is used again after the call.
   *
   * @return false to be called no more until {@link ChannelTransport#resumeReading()}: what the
   *     client asked for so far has to be carried out first
   */
  boolean onBytes(ByteBuffer bytes);

  /**
   * The client ended its side, or the connection is lost. Called once, perhaps on another thread.
   */
  void onEnd();
}
