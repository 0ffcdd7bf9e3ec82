package io.edgepush.service.websocket;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The negotiation of {@code permessage-deflate} (RFC 7692 §5 and §7.1). Neither side keeps a window
 * from message to message, so that one compressed frame serves everybody who agreed.
 */
final class DeflateOffer {
  /** What the service answers to an offer that it accepts. */
  static final String ANSWER =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

  private DeflateOffer() {}

  /**
   * Whether one of the offers can be accepted.
   *
   * @param header the value of {@code Sec-WebSocket-Extensions}
   */
  static boolean isAcceptable(String header) {
    for (String offer : header.split(",")) {
      String[] parts = offer.split(";");
      if (parts[0].strip().equalsIgnoreCase("permessage-deflate") && parametersFit(parts)) {
        return true;
      }
    }
    return false;
  }

  private static boolean parametersFit(String[] parts) {
    Set<String> seen = new HashSet<>();
    for (int i = 1; i < parts.length; i++) {
      String[] parameter = parts[i].split("=", 2);
      String name = parameter[0].strip().toLowerCase(Locale.ROOT);
      String value = parameter.length == 1 ? "" : unquoted(parameter[1].strip());
      if (!seen.add(name) || !fits(name, value, parameter.length == 2)) {
        return false;
      }
    }
    return true;
  }

  private static boolean fits(String name, String value, boolean given) {
    return switch (name) {
      case "server_no_context_takeover", "client_no_context_takeover" -> !given;
      // A smaller window than the greatest is not to be had from the JDK's compressor.
      case "server_max_window_bits" -> value.equals("15");
      case "client_max_window_bits" -> !given || value.matches("[89]|1[0-5]");
      default -> false;
    };
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
