package io.edgepush.wire;

import io.edgepush.model.Publication;
import io.edgepush.model.Topic;
import java.util.List;

/** What a WebSocket client says; docs/PROTOCOL.md has the meaning of each. */
public sealed interface ClientMessage {
  /** The client's number for the request, or {@link ServerMessage#NO_REF}. */
  long ref();

  /**
   * Adds topics.
   *
   * @param ref see {@link ClientMessage#ref()}
   * @param topics 1 to 1,000, without repetitions
   * @param start where to begin
   */
  record Subscribe(long ref, List<Topic> topics, Start start) implements ClientMessage {
    /** Copies the list. */
    public Subscribe {
      topics = List.copyOf(topics);
    }
  }

  /**
   * Removes topics.
   *
   * @param ref see {@link ClientMessage#ref()}
   * @param topics 1 to 1,000, without repetitions
   */
  record Unsubscribe(long ref, List<Topic> topics) implements ClientMessage {
    /** Copies the list. */
    public Unsubscribe {
      topics = List.copyOf(topics);
    }
  }

  /**
   * Publishes an event.
   *
   * @param ref see {@link ClientMessage#ref()}
   * @param publication the event
   */
  record Publish(long ref, Publication publication) implements ClientMessage {}

  /**
   * Presents a token.
   *
   * @param ref see {@link ClientMessage#ref()}
   * @param token a secret
   */
  record Auth(long ref, String token) implements ClientMessage {
    @Override
    public String toString() {
      return "Auth[ref=" + ref + ", token=***]";
    }
  }

  /**
   * Asks for an ack.
   *
   * @param ref see {@link ClientMessage#ref()}
   */
  record Ping(long ref) implements ClientMessage {}
}
