package io.edgepush.wire;

/**
 * Why the service ends a connection. Codes 4000–4099 ask the client not to reconnect, 4100–4199 to
 * reconnect with back-off, 4200–4299 to reconnect at once or after a given delay; the others are
 * those of RFC 6455 §7.4.1.
 */
public enum CloseReason {
  /** The client closed, or its long-poll was answered: nothing is wrong. */
  NORMAL(1000, "normal", "closed by the client"),
  /** RFC 6455: a framing violation. */
  BAD_FRAME(1002, "bad-frame", "a frame violates RFC 6455"),
  /** RFC 6455: a kind of data that is not accepted. */
  BINARY_NOT_ACCEPTED(1003, "binary-not-accepted", "this subprotocol takes text messages only"),
  /** RFC 6455: a kind of data that is not accepted. */
  TEXT_NOT_ACCEPTED(1003, "text-not-accepted", "this subprotocol takes binary messages only"),
  /** The connection ended without a close frame, or broke. Never sent. */
  GONE(1006, "gone", "the connection was lost"),
  /** RFC 6455: text that is not UTF-8. */
  BAD_UTF8(1007, "bad-utf8", "a text message is not UTF-8"),
  /** RFC 6455: a message over the limit. */
  MESSAGE_TOO_BIG(1009, "message-too-big", "a message is over the size limit"),
  /** Too many messages that break the protocol. */
  PROTOCOL_ERROR(4000, "protocol-error", "too many messages broke the protocol"),
  /** No token, or one that is not or no longer valid. */
  UNAUTHENTICATED(4001, "unauthenticated", "a valid token is required"),
  /** Not permitted. */
  FORBIDDEN(4003, "forbidden", "not permitted"),
  /** The node takes no more. */
  OVERLOADED(4100, "overloaded", "the node is overloaded"),
  /** Too many messages a second. */
  MESSAGE_RATE(4101, "message-rate", "too many messages"),
  /** A fault on our side, such as an event store that cannot be reached. */
  INTERNAL_ERROR(4102, "internal-error", "the node cannot serve this connection now"),
  /** Nothing was heard of the client for two heartbeats. */
  TIMEOUT(4103, "timeout", "nothing was heard of the client"),
  /** More events a second than the connection may get. */
  DELIVERY_RATE(4104, "delivery-rate", "too many events a second; resume by cursor"),
  /** The node ends. */
  DRAIN(4200, "drain", "the node ends; resume by cursor"),
  /** The connection did not take what was pending for it. */
  SLOW_CONSUMER(4201, "slow-consumer", "the connection did not keep up; resume by cursor");

  private final int code;
  private final String slug;
  private final String text;

  CloseReason(int code, String slug, String text) {
    this.code = code;
    this.slug = slug;
    this.text = text;
  }

  /** The WebSocket close code. */
  public int code() {
    return code;
  }

  /** The name on the wire, in logs and in metrics. */
  public String slug() {
    return slug;
  }

  /** One sentence for a developer. */
  public String text() {
    return text;
  }
}
