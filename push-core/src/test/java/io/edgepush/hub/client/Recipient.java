package io.edgepush.hub.client;

import io.edgepush.model.Cursor;

/** Takes what a client's connection brings, in order. For one thread at a time. */
public interface Recipient {
  /** Takes a message; the cursor does not move by that. */
  void hear(Message message);

  /** Takes a cursor that a message carries: within an epoch no entry goes back. */
  void advance(Cursor carried);

  /** Takes a cursor as it is, as an {@code EventSource} and a long-poll do. */
  void replace(Cursor carried);

  /** The next answer of a long-poll begins: it may repeat what an earlier one had. */
  void answered();
}
