package io.edgepush.access;

/** What somebody may do with a topic. */
public enum Action {
  /** Receive its events. */
  SUBSCRIBE,
  /** Add events. */
  PUBLISH,
  /** Read its history and state through the publisher API. */
  READ,
  /** Drop its history. */
  PURGE,
  /** See who else subscribes. */
  PRESENCE,
  /** Withdraw tokens; of no topic. */
  REVOKE
}
