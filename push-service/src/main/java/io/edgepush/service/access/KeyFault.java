package io.edgepush.service.access;

/** A key that can not be used. The message says why, without any of the key. */
public final class KeyFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  KeyFault(String message) {
    super(message);
  }
}
