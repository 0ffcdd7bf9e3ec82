/**
 * The public port. Helidon's HTTP/1 connection and routing run behind our own acceptor, one virtual
 * thread a request; a request that is upgraded leaves both, and its channel goes to the socket
 * engine.
 */
package io.edgepush.service.edge;
