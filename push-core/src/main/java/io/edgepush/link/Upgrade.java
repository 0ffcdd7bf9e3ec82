package io.edgepush.link;

import io.edgepush.hub.Session;
import io.edgepush.model.ProblemException;
import io.edgepush.wire.WireFormat;
import java.util.function.Function;

/**
 * A way from an HTTP request for {@code /subscribe} to a connection of the engine: WebSocket, SSE.
 * Safe for any thread.
 */
public interface Upgrade {
  /** Whether the URL has to name a topic because the client has no other way to. */
  boolean topicsRequired();

  /**
   * Agrees on what the connection speaks.
   *
   * @param header the value of a request header by its name in lower case, several lines joined by
   *     commas; an empty string when it is absent
   * @throws ProblemException when the request does not ask for it in the right way
   */
  Handshake handshake(Function<String, String> header);

  /**
   * What was agreed on.
   *
   * @param format what the connection speaks
   * @param responseHead the head of the HTTP response that makes the connection the client's, with
   *     the empty line
   */
  record Handshake(WireFormat format, byte[] responseHead) {}

  /** What becomes of the bytes that the client sends on this connection. */
  Inbound inbound(Session session, ChannelTransport transport);
}
