package io.edgepush.link;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * How bytes go through a connection: as they are ({@link PlainStream}), or encrypted. Reads and
 * writes block when the channel does. For one thread that reads and one that writes.
 */
public interface ByteStream {
  /** The connection beneath. */
  SocketChannel channel();

  /** Reads what has come: how much, 0 when nothing has, or -1 at the end. */
  int read(ByteBuffer bytes) throws IOException;

  /**
   * Writes what goes through now. What is left in the buffer has to be offered again, the same
   * bytes first, once the channel is writable.
   *
   * @return how much was taken
   */
  int write(ByteBuffer bytes) throws IOException;

  /** Ends this side; what was written arrives. */
  void endOutput() throws IOException;

  /**
   * Whether bytes may have been taken from the channel that {@link #read} has not given yet, so
   * that the channel does not tell of them.
   */
  boolean holdsInput();
}
