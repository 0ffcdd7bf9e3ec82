package io.edgepush.bench.load;

/** How subscribers connect. */
public enum Transport {
  /** WebSocket. */
  WS(new WebSocketWire()),
  /** Server-sent events. */
  SSE(new SseWire()),
  /** Long-poll. */
  POLL(new PollWire());

  private final Wire wire;

  Transport(Wire wire) {
    this.wire = wire;
  }

  Wire wire() {
    return wire;
  }
}
