package io.edgepush.hub.client;

/**
 * Turns the bytes of one connection, as they come, into what a {@link Recipient} takes. For one
 * thread at a time.
 */
public interface Decoder {
  /** Takes the next bytes; a message that is not whole yet is kept. */
  void feed(byte[] bytes, int length);
}
