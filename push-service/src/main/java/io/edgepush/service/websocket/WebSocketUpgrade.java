package io.edgepush.service.websocket;

import io.edgepush.hub.ClientCommands;
import io.edgepush.hub.Session;
import io.edgepush.link.ChannelTransport;
import io.edgepush.link.Inbound;
import io.edgepush.link.Upgrade;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.service.limits.ServiceLimits;
import io.edgepush.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Function;

/** WebSocket's opening handshake, RFC 6455 §4.2, with the subprotocol {@code push.v1.json}. */
public final class WebSocketUpgrade implements Upgrade {
  /** The subprotocol of docs/PROTOCOL.md. */
  public static final String SUBPROTOCOL = "push.v1.json";

  /** The greatest message that a client may send. */
  public static final int MAX_MESSAGE_BYTES = 128 * 1024;

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final ClientCommands commands;
  private final ServiceLimits limits;

  /** Connections whose messages are carried out by these commands, within these limits. */
  public WebSocketUpgrade(ClientCommands commands, ServiceLimits limits) {
    this.commands = commands;
    this.limits = limits;
  }

  @Override
  public WireFormat format() {
    return WireFormat.WEBSOCKET_JSON;
  }

  @Override
  public boolean topicsRequired() {
    return false;
  }

  @Override
  public byte[] responseHead(Function<String, String> header) {
    if (!header.apply("sec-websocket-version").equals("13")) {
      throw Problem.of(
              Code.UPGRADE_REQUIRED, "Sec-WebSocket-Version", "the WebSocket version has to be 13")
          .exception();
    }
    if (!names(header.apply("connection").toLowerCase(Locale.ROOT), "upgrade")) {
      throw Problem.of(
              Code.INVALID_FIELD, "Connection", "the Connection header has to name Upgrade")
          .exception();
    }
    String key = header.apply("sec-websocket-key");
    if (!is16Bytes(key)) {
      throw Problem.of(
              Code.INVALID_FIELD, "Sec-WebSocket-Key", "the key has to be 16 bytes in base64")
          .exception();
    }
    String offered = header.apply("sec-websocket-protocol");
    return ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
            + accept(key)
            + (names(offered, SUBPROTOCOL) ? "\r\nSec-WebSocket-Protocol: " + SUBPROTOCOL : "")
            + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean names(String list, String wanted) {
    for (String name : list.split(",")) {
      if (name.strip().equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean is16Bytes(String key) {
    try {
      return Base64.getDecoder().decode(key).length == 16;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  @Override
  public Inbound inbound(Session session, ChannelTransport transport) {
    WebSocketConnection connection =
        new WebSocketConnection(
            session,
            transport,
            new SubscriberListener(session, commands, limits),
            new ChannelContext(transport.channel()),
            SUBPROTOCOL,
            MAX_MESSAGE_BYTES);
    connection.open();
    return connection;
  }
}
