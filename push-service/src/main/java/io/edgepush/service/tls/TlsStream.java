package io.edgepush.service.tls;

import io.edgepush.link.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import tlschannel.TlsChannel;
import tlschannel.WouldBlockException;

/** Encrypted bytes, by tls-channel. */
final class TlsStream implements ByteStream {
  private final SocketChannel channel;
  private final TlsChannel tls;

  /**
   * Whether the first byte of the next write was taken already: a byte counts as written only when
   * all that was encrypted with it has gone to the channel. For the thread that writes.
   */
  private boolean owed;

  TlsStream(SocketChannel channel, TlsChannel tls) {
    this.channel = channel;
    this.tls = tls;
  }

  @Override
  public SocketChannel channel() {
    return channel;
  }

  @Override
  public int read(ByteBuffer bytes) throws IOException {
    try {
      return tls.read(bytes);
    } catch (WouldBlockException _) {
      return 0;
    }
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int begin = bytes.position();
    try {
      if (owed) {
        tls.write(ByteBuffer.allocate(0)); // only what is encrypted already
        owed = false;
        bytes.get();
      }
      if (bytes.hasRemaining()) {
        tls.write(bytes);
      }
    } catch (WouldBlockException _) {
      if (!owed && !bytes.hasRemaining()) {
        bytes.position(bytes.limit() - 1);
        owed = true;
      }
    }
    return bytes.position() - begin;
  }

  @Override
  public void endOutput() throws IOException {
    try {
      tls.shutdown();
    } catch (WouldBlockException _) {
      // the end of the connection says the same, if less politely
    }
    channel.shutdownOutput();
  }

  @Override
  public boolean holdsInput() {
    return true;
  }
}
