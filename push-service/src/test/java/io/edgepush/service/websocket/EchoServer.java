package io.edgepush.service.websocket;

import io.edgepush.access.Credentials;
import io.edgepush.access.Principal;
import io.edgepush.backplane.MemoryBackplane;
import io.edgepush.fallbacks.Origins;
import io.edgepush.hub.ClientCommands;
import io.edgepush.hub.Hub;
import io.edgepush.hub.HubConfig;
import io.edgepush.hub.Overflow;
import io.edgepush.hub.PublishQuota;
import io.edgepush.hub.Session;
import io.edgepush.link.PlainStream;
import io.edgepush.link.SocketEngine;
import io.edgepush.link.Upgrade;
import io.edgepush.model.Retention;
import io.edgepush.service.access.DevelopmentAuthorizer;
import io.edgepush.service.limits.LimitRules;
import io.edgepush.service.limits.LimitValues;
import io.edgepush.service.limits.ServiceLimits;
import io.edgepush.wire.Frame;
import io.helidon.common.buffers.BufferData;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Sends each message back: the engine, the parser and the connection of the service, with another
 * listener on it.
 */
final class EchoServer implements AutoCloseable {
  static final int MAX_MESSAGE_BYTES = 16 << 20;

  private final MemoryBackplane backplane =
      new MemoryBackplane(1, _ -> Retention.DEFAULT, InstantSource.system());
  private final Hub hub =
      new Hub(
          backplane,
          new HubConfig(
              4L * MAX_MESSAGE_BYTES,
              Duration.ofMinutes(1),
              Duration.ofSeconds(5),
              Duration.ZERO,
              1));
  private final SocketEngine engine = new SocketEngine(_ -> {});
  private final WebSocketUpgrade upgrade;
  private final ServerSocketChannel server;

  EchoServer(boolean compression) throws IOException {
    upgrade =
        new WebSocketUpgrade(
            new ClientCommands(hub, backplane, new DevelopmentAuthorizer(), PublishQuota.UNLIMITED),
            Origins.parse("*"),
            new ServiceLimits(
                new LimitRules(0, new LimitValues(Map.of()), List.of()), _ -> Overflow.DISCONNECT),
            compression);
    server =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    hub.start();
    engine.start();
    Thread.ofVirtual().name("echo-acceptor").start(this::accept);
  }

  int port() {
    return server.socket().getLocalPort();
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        Thread.ofVirtual().name("echo-handshake").start(() -> serve(channel));
      } catch (IOException _) {
        return; // closed
      }
    }
  }

  private void serve(SocketChannel channel) {
    Map<String, String> headers;
    try {
      headers = headers(channel);
    } catch (IOException e) {
      throw new IllegalStateException("no handshake came", e);
    }
    Upgrade.Handshake handshake = upgrade.handshake(name -> headers.getOrDefault(name, ""));
    SocketEngine.Connection connection =
        engine.connection(new PlainStream(channel), handshake.format(), hub);
    connection.outbox().append(Frame.control(handshake.responseHead()));
    Session session =
        hub.open(
            new Principal("echo", Credentials.Role.SUBSCRIBER), "loopback", connection.outbox());
    WebSocketConnection socket =
        new WebSocketConnection(
            session,
            connection.transport(),
            new Echo(),
            new ChannelContext(channel),
            "",
            MAX_MESSAGE_BYTES);
    engine.start(connection, socket);
    connection.outbox().uncork();
    connection.transport().resumeReading();
  }

  /** The headers of a request, byte by byte, so that nothing behind them is taken. */
  private static Map<String, String> headers(SocketChannel channel) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      if (channel.read(one.clear()) < 0) {
        throw new IOException("the head is cut");
      }
      head.write(one.get(0));
    }
    Map<String, String> headers = new HashMap<>();
    for (String line : head.toString(StandardCharsets.US_ASCII).split("\r\n")) {
      String[] parts = line.split(":", 2);
      if (parts.length == 2) {
        headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
      }
    }
    return headers;
  }

  private static final class Echo implements WsListener {
    @Override
    public void onMessage(WsSession session, String text, boolean last) {
      session.send(text, last);
    }

    @Override
    public void onMessage(WsSession session, BufferData buffer, boolean last) {
      session.send(buffer, last);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    engine.close();
    hub.close();
  }
}
