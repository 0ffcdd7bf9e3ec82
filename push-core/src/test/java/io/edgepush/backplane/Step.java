package io.edgepush.backplane;

import java.time.Duration;

/**
 * What may happen to a store and its subscribers in {@link ReplayPropertyTest}. Topics and clients
 * go by number.
 */
sealed interface Step {
  /** Someone publishes; the data has {@code padding} bytes more than it needs. */
  record Publish(int topic, int padding) implements Step {}

  /** Time passes, or the clock is set back. */
  record LetPass(Duration time) implements Step {}

  /** The history is dropped. */
  record Purge(int topic) implements Step {}

  /** A client subscribes one more topic, now or when it is next connected. */
  record Subscribe(int client, int topic) implements Step {}

  /** A client loses its connection. */
  record Cut(int client) implements Step {}

  /** A client comes back with its cursor; the history is read in pages. */
  record Resume(int client, int page) implements Step {}

  /** The store loses its memory, and all clients their connections. */
  record Restart() implements Step {}
}
