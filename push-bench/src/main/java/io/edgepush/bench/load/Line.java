package io.edgepush.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import tlschannel.NeedsWriteException;
import tlschannel.WouldBlockException;

/** The bytes of a connection that does not block, encrypted or as they are. For one thread. */
final class Line {
  private final SelectionKey key;
  private final ByteChannel bytes;
  private final boolean encrypted;
  private boolean waits;

  /**
   * Over a channel that is connected; a handshake comes with the first write.
   *
   * @param key the channel's
   */
  Line(SelectionKey key, Endpoint endpoint) {
    SocketChannel channel = (SocketChannel) key.channel();
    this.key = key;
    this.encrypted = endpoint.tls().isPresent();
    this.bytes =
        endpoint
            .tls()
            .<ByteChannel>map(tls -> tls.channel(channel, endpoint.host(), endpoint.port()))
            .orElse(channel);
  }

  /** Reads what has come: how much, 0 when nothing has, or -1 at the end. */
  int read(ByteBuffer into) throws IOException {
    try {
      return bytes.read(into);
    } catch (WouldBlockException _) {
      return 0;
    }
  }

  /** Writes what goes through; what is left has to be offered again. */
  void write(ByteBuffer from) throws IOException {
    try {
      bytes.write(from);
      waits = from.hasRemaining();
    } catch (NeedsWriteException _) {
      waits = true;
    } catch (WouldBlockException _) {
      waits = false; // a handshake waits for the other side
    }
  }

  /** Asks the selector for what can happen next. */
  void await() {
    key.interestOps(waits ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
  }

  /** Whether more may be there to read that the channel does not tell of. */
  boolean holdsInput() {
    return encrypted;
  }
}
