package io.edgepush.service.limits;

import java.util.Locale;

/** The limits that a client class may have values of its own for; 0 turns one off. */
public enum Limit {
  /** New connections a second of one address. */
  CONNECTS_PER_IP,
  /** Connections open at the same time of one address. */
  CONNECTIONS_PER_IP,
  /** Subscriptions' connections open at the same time of one subject. */
  CONNECTIONS_PER_SUBJECT,
  /** Topics of one connection. */
  TOPICS_PER_CONNECTION,
  /** Subscribe messages a second of one connection. */
  SUBSCRIBES_PER_SECOND,
  /** Messages a second of one connection. */
  MESSAGES_PER_SECOND,
  /** Events a second to one connection. */
  DELIVERIES_PER_SECOND,
  /** Events a second of one API key. */
  PUBLISHES_PER_SECOND;

  /** The name in configuration, metrics and answers. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
