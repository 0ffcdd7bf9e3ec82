/**
 * What a client falls back to where WebSocket does not get through: Server-Sent Events and
 * long-polling, over Helidon.
 */
package io.edgepush.fallbacks;
