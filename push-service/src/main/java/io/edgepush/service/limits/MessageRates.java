package io.edgepush.service.limits;

import io.edgepush.access.Principal;
import io.edgepush.model.ProblemException;
import java.util.function.Supplier;

/**
 * How many messages, and how many subscribes among them, one connection may send a second. For one
 * thread at a time; nothing is kept before the first message.
 */
public final class MessageRates {
  private final ServiceLimits limits;
  private final Supplier<Principal> who;
  private final String peer;
  private Rate messages;
  private int messagesPerSecond;
  private Rate subscribes;
  private int subscribesPerSecond;

  /**
   * Those of a client.
   *
   * @param who who it is now: a token may come later
   */
  public MessageRates(ServiceLimits limits, Supplier<Principal> who, String peer) {
    this.limits = limits;
    this.who = who;
    this.peer = peer;
  }

  /**
   * Counts a message of any kind.
   *
   * @throws ProblemException when there are too many
   */
  public void message() {
    int most = limits.of(Limit.MESSAGES_PER_SECOND, who.get(), peer);
    if (most != messagesPerSecond) {
      messages = most == 0 ? null : new Rate(most);
      messagesPerSecond = most;
    }
    take(messages, Limit.MESSAGES_PER_SECOND, most, "this connection sends too many messages");
  }

  /**
   * Counts a subscribe.
   *
   * @throws ProblemException when there are too many
   */
  public void subscribe() {
    int most = limits.of(Limit.SUBSCRIBES_PER_SECOND, who.get(), peer);
    if (most != subscribesPerSecond) {
      subscribes = most == 0 ? null : new Rate(most);
      subscribesPerSecond = most;
    }
    take(subscribes, Limit.SUBSCRIBES_PER_SECOND, most, "this connection subscribes too often");
  }

  private void take(Rate rate, Limit limit, int most, String detail) {
    if (rate != null) {
      long waitMs = rate.take(1);
      if (waitMs > 0) {
        throw limits.refuse(limit, most, waitMs, detail);
      }
    }
  }
}
