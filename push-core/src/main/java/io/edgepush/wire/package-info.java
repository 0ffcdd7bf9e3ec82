/**
 * What goes over the wire: the messages of docs/PROTOCOL.md as values, and how each transport's
 * format turns them into bytes. No I/O; every type is safe for any thread.
 */
package io.edgepush.wire;
