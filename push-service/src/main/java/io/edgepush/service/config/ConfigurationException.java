package io.edgepush.service.config;

/** The configuration can not be used; the message names the key, and what it should be. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Carries one line for the person who starts the service. */
  public ConfigurationException(String message) {
    super(message, null, false, false);
  }
}
