package io.edgepush.hub;

import io.edgepush.access.Principal;
import io.edgepush.model.Topic;
import java.util.function.LongSupplier;

/** What the hub asks of the limits. Safe for any thread; must not block. */
public interface Limits {
  /** The rate of those who have no limit. */
  LongSupplier UNLIMITED = () -> 0;

  /** The most topics that one connection of this client may subscribe; 0 for no bound. */
  int topics(Principal who, String peer);

  /**
   * The rate of deliveries of a new connection: takes one permit and returns 0, or takes none and
   * returns the nanoseconds after which there may be one. {@link #UNLIMITED} costs deliveries
   * nothing.
   */
  LongSupplier deliveries(Principal who, String peer);

  /** What becomes of a topic's events that a connection can not take in time. */
  Overflow overflow(Topic topic);

  /** Tells that a connection was over its rate. */
  void overRate();

  /** No limits but a number of topics. */
  record TopicsOnly(int topics) implements Limits {
    @Override
    public int topics(Principal who, String peer) {
      return topics;
    }

    @Override
    public LongSupplier deliveries(Principal who, String peer) {
      return UNLIMITED;
    }

    @Override
    public Overflow overflow(Topic topic) {
      return Overflow.DISCONNECT;
    }

    @Override
    public void overRate() {
      // nobody is
    }
  }
}
