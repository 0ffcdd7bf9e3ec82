package io.edgepush.fallbacks;

import io.edgepush.hub.Session;
import io.edgepush.link.ChannelTransport;
import io.edgepush.link.Inbound;
import io.edgepush.link.Upgrade;
import io.edgepush.wire.CloseReason;
import io.edgepush.wire.WireFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * Server-Sent Events (HTML standard §9.2) as an upgrade: the response has no length and ends with
 * the connection, so that an idle subscriber holds no thread.
 */
public final class SseUpgrade implements Upgrade {
  private static final String HEAD =
      String.join(
          "\r\n",
          "HTTP/1.1 200 OK",
          "Content-Type: text/event-stream",
          "Cache-Control: no-store",
          "X-Accel-Buffering: no",
          "X-Content-Type-Options: nosniff",
          "Connection: close",
          "");

  private final CrossOrigin crossOrigin;

  /** Streams that pages of some origins may read. */
  public SseUpgrade(CrossOrigin crossOrigin) {
    this.crossOrigin = crossOrigin;
  }

  @Override
  public boolean topicsRequired() {
    return true;
  }

  @Override
  public Handshake handshake(Function<String, String> header) {
    String head = HEAD + crossOrigin.lines(header::apply) + "\r\n";
    return new Handshake(WireFormat.SSE, head.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public Inbound inbound(Session session, ChannelTransport transport) {
    return new Indifferent(session);
  }

  /** A client has nothing to say on this connection; its end is the session's. */
  private record Indifferent(Session session) implements Inbound {
    @Override
    public boolean onBytes(ByteBuffer bytes) {
      bytes.position(bytes.limit());
      return true;
    }

    @Override
    public void onEnd() {
      session.end(CloseReason.GONE);
    }
  }
}
