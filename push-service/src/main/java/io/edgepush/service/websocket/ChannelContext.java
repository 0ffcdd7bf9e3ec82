package io.edgepush.service.websocket;

import io.helidon.common.socket.PeerInfo;
import io.helidon.common.socket.SocketContext;
import java.nio.channels.SocketChannel;

/** What helidon-websocket's API tells of a connection, read off its channel when asked. */
record ChannelContext(SocketChannel channel) implements SocketContext {
  @Override
  public PeerInfo remotePeer() {
    return new io.edgepush.service.edge.ChannelPeer(channel, true);
  }

  @Override
  public PeerInfo localPeer() {
    return new io.edgepush.service.edge.ChannelPeer(channel, false);
  }

  @Override
  public boolean isSecure() {
    return false;
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
