package io.edgepush.bench.baseline;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The least that a push server on the JVM can do: one thread, one write for each subscriber and
 * event, no topics, no history, no limits. A GET with an upgrade or for an event stream is
 * subscribed to everything; the body of a POST goes to everybody as it is.
 */
public final class BaselineServer implements AutoCloseable {
  private static final int BACKLOG = 4_096;
  private static final int BUFFER = 1 << 17;

  private final Selector selector = Selector.open();
  private final ServerSocketChannel listener = ServerSocketChannel.open();
  private final ByteBuffer input = ByteBuffer.allocate(BUFFER);
  private final List<Client> subscribers = new ArrayList<>();
  private volatile boolean closed;

  /**
   * Binds.
   *
   * @param port of 127.0.0.1; 0 for any that is free
   */
  public BaselineServer(int port) throws IOException {
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
  }

  /** The port that is bound. */
  public int port() throws IOException {
    return ((InetSocketAddress) listener.getLocalAddress()).getPort();
  }

  /** Serves on this thread until it is closed. */
  public void serve() throws IOException {
    while (!closed) {
      selector.select(this::ready);
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private void ready(SelectionKey key) {
    try {
      if (key.attachment() instanceof Client client) {
        ready(key, client);
      } else {
        accept();
      }
    } catch (IOException e) {
      end(key);
    }
  }

  private void accept() throws IOException {
    SocketChannel channel = listener.accept();
    if (channel != null) {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
      key.attach(new Client(channel, key));
    }
  }

  private void ready(SelectionKey key, Client client) throws IOException {
    if (key.isWritable()) {
      client.flush();
    }
    if (!key.isReadable()) {
      return;
    }
    input.clear();
    if (client.channel().read(input) < 0) {
      end(key);
      return;
    }
    if (!client.subscribed()) {
      Request request = client.request(input.flip());
      while (request != null) {
        answer(client, request);
        request = client.subscribed() ? null : client.request(input.clear().flip());
      }
    }
  }

  private void answer(Client client, Request request) throws IOException {
    switch (request.kind()) {
      case WEB_SOCKET, EVENT_STREAM -> {
        client.subscribe(request);
        subscribers.add(client);
      }
      case PUBLISH -> {
        ByteBuffer frame = Frames.direct(Frames.text(request.body()));
        ByteBuffer block = Frames.direct(request.body());
        for (Client subscriber : subscribers) {
          subscriber.write(subscriber.speaksWebSocket() ? frame.rewind() : block.rewind());
        }
        client.write(Frames.published());
      }
      case OTHER -> client.write(Frames.notFound());
    }
  }

  private void end(SelectionKey key) {
    Client client = (Client) key.attachment();
    subscribers.remove(client);
    key.cancel();
    try {
      key.channel().close();
    } catch (IOException e) {
      // It is gone either way.
      return;
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
  }
}
