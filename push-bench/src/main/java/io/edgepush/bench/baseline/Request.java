package io.edgepush.bench.baseline;

/**
 * What a client of the baseline asks for.
 *
 * @param kind what it is
 * @param key of the WebSocket handshake; empty otherwise
 * @param body what is to be sent to everybody; empty otherwise
 */
record Request(Kind kind, String key, byte[] body) {
  enum Kind {
    WEB_SOCKET,
    EVENT_STREAM,
    PUBLISH,
    OTHER
  }
}
