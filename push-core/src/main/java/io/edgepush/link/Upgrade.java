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
  /** What the connection speaks. */
  WireFormat format();

  /** Whether the URL has to name a topic because the client has no other way to. */
  boolean topicsRequired();

  /**
   * The head of the HTTP response that makes the connection the client's, with the empty line.
   *
   * @param header the value of a request header by its name in lower case; an empty string when it
   *     is absent
   * @throws ProblemException when the request does not ask for it in the right way
   */
  byte[] responseHead(Function<String, String> header);

  /** What becomes of the bytes that the client sends on this connection. */
  Inbound inbound(Session session, ChannelTransport transport);
}
