package io.edgepush.service.edge;

import io.helidon.common.socket.PeerInfo;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.Optional;

/**
 * A client whose address is known.
 *
 * @param inet the address
 */
record KnownPeer(InetSocketAddress inet) implements PeerInfo {
  @Override
  public SocketAddress address() {
    return inet;
  }

  @Override
  public String host() {
    return inet.getAddress().getHostAddress();
  }

  @Override
  public int port() {
    return inet.getPort();
  }

  @Override
  public Optional<Principal> tlsPrincipal() {
    return Optional.empty();
  }

  @Override
  public Optional<Certificate[]> tlsCertificates() {
    return Optional.empty();
  }
}
