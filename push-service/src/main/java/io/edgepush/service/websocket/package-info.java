/**
 * WebSocket (RFC 6455) on the socket engine, with the API of helidon-websocket: {@link
 * io.edgepush.service.websocket.WebSocketConnection} is a {@code WsSession} that any {@code
 * WsListener} runs on.
 */
package io.edgepush.service.websocket;
