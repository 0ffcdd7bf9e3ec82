package io.edgepush.service.websocket;

import io.edgepush.wire.CloseReason;

/** A client violated RFC 6455; told to the listener after the connection was closed for it. */
public final class ProtocolViolationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final CloseReason reason;

  ProtocolViolationException(CloseReason reason) {
    super(reason.text(), null, false, false);
    this.reason = reason;
  }

  /** What the connection was closed with. */
  public CloseReason reason() {
    return reason;
  }
}
