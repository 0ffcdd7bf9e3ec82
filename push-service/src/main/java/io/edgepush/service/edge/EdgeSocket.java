package io.edgepush.service.edge;

import io.edgepush.link.ByteStream;
import io.edgepush.link.PlainStream;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ServerConnectionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/**
 * A channel in blocking mode as Helidon's HTTP/1 connection reads and writes it. For one virtual
 * thread.
 */
final class EdgeSocket implements HelidonSocket, DataWriter {
  private static final int LEAST_READ = 4096;
  private static final int MOST_READ = 64 * 1024;

  private final ByteStream stream;
  private final SocketChannel channel;
  private final InetSocketAddress client;

  /** Grows as long as a client sends more than that. */
  private int readBytes = LEAST_READ;

  /**
   * A socket.
   *
   * @param client who is at the other end, which behind a proxy is not the channel's
   */
  EdgeSocket(ByteStream stream, InetSocketAddress client) {
    this.stream = stream;
    this.channel = stream.channel();
    this.client = client;
  }

  /** The bytes that have come; null at the end. */
  @Override
  public byte[] get() {
    byte[] bytes = new byte[readBytes];
    try {
      int read = stream.read(ByteBuffer.wrap(bytes));
      readBytes = read < bytes.length ? LEAST_READ : Math.min(MOST_READ, 4 * bytes.length);
      return read < 0 ? null : read == bytes.length ? bytes : Arrays.copyOf(bytes, read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int read(BufferData buffer) {
    byte[] bytes = get();
    if (bytes == null) {
      return -1;
    }
    buffer.write(bytes);
    return bytes.length;
  }

  @Override
  public void write(BufferData buffer) {
    ByteBuffer bytes = ByteBuffer.wrap(buffer.readBytes());
    try {
      while (bytes.hasRemaining()) {
        stream.write(bytes);
      }
    } catch (IOException e) {
      // Helidon lets this one pass; of others it logs the request, and with its query perhaps a
      // token
      throw new ServerConnectionException("the connection is lost", e);
    }
  }

  @Override
  public void write(BufferData... buffers) {
    write(BufferData.create(buffers));
  }

  @Override
  public void writeNow(BufferData... buffers) {
    write(buffers);
  }

  @Override
  public void writeNow(BufferData buffer) {
    write(buffer);
  }

  /**
   * Ends our side and waits until the client has ended its own: closing with unread bytes would
   * reset the connection, and the client might never see the answer. Blocks; the deadline of the
   * connection cuts it short.
   */
  void closeGently() {
    try (channel) {
      stream.endOutput();
      ByteBuffer unread = ByteBuffer.allocate(LEAST_READ);
      while (channel.read(unread.clear()) >= 0) {
        // what comes now is not answered any more
      }
    } catch (IOException _) {
      // it is lost, or was cut: the descriptor is released all the same
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // the descriptor is released all the same
    }
  }

  @Override
  public void idle() {
    // reading goes on when it is asked for
  }

  @Override
  public boolean isConnected() {
    return channel.isOpen();
  }

  @Override
  public PeerInfo remotePeer() {
    return new KnownPeer(client);
  }

  @Override
  public PeerInfo localPeer() {
    return new ChannelPeer(channel, false);
  }

  @Override
  public boolean isSecure() {
    return !(stream instanceof PlainStream);
  }

  @Override
  public String socketId() {
    return "edge";
  }

  @Override
  public String childSocketId() {
    return "0x" + Integer.toHexString(System.identityHashCode(channel));
  }
}
