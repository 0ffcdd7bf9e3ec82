package io.edgepush.wire;

import io.edgepush.model.Cursor;
import io.edgepush.model.EventId;
import io.edgepush.model.Problem;
import io.edgepush.model.Topic;
import java.util.List;

/**
 * What the service says to a subscriber besides events; docs/PROTOCOL.md has the meaning of each.
 */
public sealed interface ServerMessage {
  /** Stands for a {@code ref} that was not given. */
  long NO_REF = -1;

  /**
   * The first message.
   *
   * @param session names the connection in logs
   * @param heartbeatMs milliseconds between heartbeats
   * @param cursor where the connection begins; empty when it begins without topics
   */
  record Welcome(String session, long heartbeatMs, Cursor cursor) implements ServerMessage {}

  /**
   * Topics are live.
   *
   * @param ref the request's, or {@link #NO_REF}
   * @param topics not empty
   * @param cursor everything up to it was sent
   */
  record Subscribed(long ref, List<Topic> topics, Cursor cursor) implements ServerMessage {
    /** Copies the list. */
    public Subscribed {
      topics = List.copyOf(topics);
    }
  }

  /**
   * Topics are not live any more.
   *
   * @param ref the request's, or {@link #NO_REF}
   * @param topics not empty
   * @param reason the slug of a problem when the client did not ask for it; empty when it did
   */
  record Unsubscribed(long ref, List<Topic> topics, String reason) implements ServerMessage {
    /** Copies the list. */
    public Unsubscribed {
      topics = List.copyOf(topics);
    }

    /** As the client asked for. */
    public Unsubscribed(long ref, List<Topic> topics) {
      this(ref, topics, "");
    }
  }

  /**
   * The token that was presented ends soon.
   *
   * @param expiresInMs the connection is closed after so many milliseconds unless another token is
   *     presented
   */
  record TokenExpiring(long expiresInMs) implements ServerMessage {}

  /**
   * Events could not be delivered.
   *
   * @param gap which
   */
  record Gap(io.edgepush.model.Gap gap) implements ServerMessage {}

  /**
   * A request was carried out.
   *
   * @param ref the request's
   */
  record Ack(long ref) implements ServerMessage {}

  /**
   * A publish was carried out.
   *
   * @param ref the request's
   * @param id the event's
   * @param duplicate whether the event was already there
   */
  record PublishAck(long ref, EventId id, boolean duplicate) implements ServerMessage {}

  /**
   * A request was refused.
   *
   * @param ref the request's, or {@link #NO_REF}
   * @param problem why
   * @param topic the topic concerned, or an empty string
   */
  record Refused(long ref, Problem problem, String topic) implements ServerMessage {}

  /**
   * The connection is about to be closed; only said where there is no close frame.
   *
   * @param reason why
   */
  record Closing(CloseReason reason) implements ServerMessage {}

  /**
   * The connection is alive.
   *
   * @param cursor everything up to it was sent; empty without topics
   */
  record Heartbeat(Cursor cursor) implements ServerMessage {}

  /**
   * The node is about to close the connection.
   *
   * @param delayMs reconnect after so many milliseconds
   * @param reason why
   */
  record Reconnect(long delayMs, CloseReason reason) implements ServerMessage {}
}
