package io.edgepush.service.edge;

import io.helidon.common.socket.PeerInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.Optional;

/**
 * One end of a channel, read off it when asked.
 *
 * @param channel the channel
 * @param remote whether the client's end is meant
 */
public record ChannelPeer(SocketChannel channel, boolean remote) implements PeerInfo {
  private static final InetSocketAddress CLOSED = InetSocketAddress.createUnresolved("closed", 0);

  @Override
  public SocketAddress address() {
    return inet();
  }

  @Override
  public String host() {
    InetSocketAddress inet = inet();
    return inet.getAddress() == null ? inet.getHostString() : inet.getAddress().getHostAddress();
  }

  @Override
  public int port() {
    return inet().getPort();
  }

  @Override
  public Optional<Principal> tlsPrincipal() {
    return Optional.empty();
  }

  @Override
  public Optional<Certificate[]> tlsCertificates() {
    return Optional.empty();
  }

  private InetSocketAddress inet() {
    try {
      return (remote ? channel.getRemoteAddress() : channel.getLocalAddress())
              instanceof InetSocketAddress inet
          ? inet
          : CLOSED;
    } catch (IOException _) {
      return CLOSED;
    }
  }
}
