package io.edgepush.service.websocket;

import io.edgepush.fallbacks.Origins;
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

/**
 * WebSocket's opening handshake, RFC 6455 §4.2, with the subprotocols {@code push.v1.json} and
 * {@code push.v1.cbor} and, where configured, compression (RFC 7692).
 */
public final class WebSocketUpgrade implements Upgrade {
  private static final String JSON = "push.v1.json";
  private static final String CBOR = "push.v1.cbor";

  /** The greatest message that a client may send. */
  public static final int MAX_MESSAGE_BYTES = 128 * 1024;

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final ClientCommands commands;
  private final Origins origins;
  private final ServiceLimits limits;
  private final boolean compression;

  /**
   * Connections whose messages are carried out by these commands.
   *
   * @param origins whose pages may connect (RFC 6455 §10.2)
   * @param limits how much each client may say
   * @param compression whether compression is agreed on with clients that offer it
   */
  public WebSocketUpgrade(
      ClientCommands commands, Origins origins, ServiceLimits limits, boolean compression) {
    this.commands = commands;
    this.origins = origins;
    this.limits = limits;
    this.compression = compression;
  }

  @Override
  public boolean topicsRequired() {
    return false;
  }

  @Override
  public Handshake handshake(Function<String, String> header) {
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
    if (!origins.permit(header::apply)) {
      throw Problem.of(Code.FORBIDDEN, "Origin", "this origin is not permitted").exception();
    }
    String subProtocol = subProtocol(header.apply("sec-websocket-protocol"));
    boolean deflate =
        compression && DeflateOffer.isAcceptable(header.apply("sec-websocket-extensions"));
    String head =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + accept(key)
            + (subProtocol.isEmpty() ? "" : "\r\nSec-WebSocket-Protocol: " + subProtocol)
            + (deflate ? "\r\nSec-WebSocket-Extensions: " + DeflateOffer.ANSWER : "")
            + "\r\n\r\n";
    return new Handshake(
        format(subProtocol.equals(CBOR), deflate), head.getBytes(StandardCharsets.US_ASCII));
  }

  private static WireFormat format(boolean cbor, boolean deflate) {
    if (cbor) {
      return deflate ? WireFormat.WEBSOCKET_CBOR_DEFLATE : WireFormat.WEBSOCKET_CBOR;
    }
    return deflate ? WireFormat.WEBSOCKET_JSON_DEFLATE : WireFormat.WEBSOCKET_JSON;
  }

  /** The first of those offered that is known: the client lists them by preference (§4.1). */
  private static String subProtocol(String offered) {
    for (String name : offered.split(",")) {
      if (name.strip().equals(JSON) || name.strip().equals(CBOR)) {
        return name.strip();
      }
    }
    return "";
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
            new SubscriberListener(session, commands, limits, transport.format().isCbor()),
            new ChannelContext(transport.channel()),
            transport.format().isCbor() ? CBOR : JSON,
            MAX_MESSAGE_BYTES);
    connection.open();
    return connection;
  }
}
