package io.edgepush.service.websocket;

import io.edgepush.wire.CloseReason;
import io.helidon.websocket.WsCloseCodes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The payload of a close frame, RFC 6455 §5.5.1 and §7.4. */
final class CloseFrames {
  private CloseFrames() {}

  /** The code, 1005 when the frame has none. */
  static int code(byte[] payload) {
    return payload.length < 2
        ? WsCloseCodes.NO_STATUS_CODE
        : (payload[0] & 0xff) << 8 | payload[1] & 0xff;
  }

  /** The reason, empty when the frame has none. */
  static String reason(byte[] payload) {
    return payload.length <= 2
        ? ""
        : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
  }

  /** What is wrong with the payload, if anything. */
  static Optional<CloseReason> violation(byte[] payload) {
    if (payload.length == 1 || payload.length > 1 && !permitted(code(payload))) {
      return Optional.of(CloseReason.BAD_FRAME);
    }
    Utf8Validator utf8 = new Utf8Validator();
    boolean text =
        payload.length <= 2 || utf8.accepts(payload, 2, payload.length) && utf8.complete();
    return text ? Optional.empty() : Optional.of(CloseReason.BAD_UTF8);
  }

  private static boolean permitted(int code) {
    boolean defined =
        code >= WsCloseCodes.NORMAL_CLOSE
            && code <= WsCloseCodes.BAD_GATEWAY
            && code != 1004
            && code != WsCloseCodes.NO_STATUS_CODE
            && code != WsCloseCodes.CLOSED_ABNORMALLY;
    return defined
        || code >= WsCloseCodes.REGISTERED_AT_IANA_MIN && code <= WsCloseCodes.APPLICATION_MAX;
  }
}
