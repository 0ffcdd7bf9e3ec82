/**
 * The socket engine: connections that were upgraded hold no thread. One {@link
 * io.edgepush.link.SelectorLoop} reads, a {@link io.edgepush.link.Drainer} writes, a {@link
 * io.edgepush.link.ChannelTransport} is one connection.
 */
package io.edgepush.link;
