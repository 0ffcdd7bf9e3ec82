/**
 * What clients should not send, over real sockets to a real node: each gets the documented answer,
 * nothing is published, and the node serves on.
 */
package io.edgepush.service.input;
