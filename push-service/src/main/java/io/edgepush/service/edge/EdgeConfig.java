package io.edgepush.service.edge;

import java.time.Duration;

/**
 * The public listener's bounds.
 *
 * @param host the address to bind
 * @param port the port to bind; 0 for any that is free
 * @param maxConnections how many connections are open at the same time; over it a new one is
 *     answered 503
 * @param requestTimeout how long the head of a request may take, and how long an HTTP connection
 *     may idle
 * @param compression whether WebSockets are compressed for clients that offer it
 */
public record EdgeConfig(
    String host, int port, int maxConnections, Duration requestTimeout, boolean compression) {}
