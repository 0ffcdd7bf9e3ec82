package io.edgepush.service.testing;

import io.edgepush.model.Cursor;
import io.edgepush.model.Topic;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What a subscriber asks for.
 *
 * @param topics in the URL
 * @param cursor the parameter; empty for none
 * @param replay the parameter; 0 for none
 * @param lastEventId the header; empty for none
 * @param token the parameter; empty for none
 * @param cutAfter the connection is cut by the client after so many events
 */
public record Ask(
    List<Topic> topics, String cursor, int replay, String lastEventId, String token, int cutAfter) {
  /** Copies the list. */
  public Ask {
    topics = List.copyOf(topics);
  }

  /** From now on. */
  public static Ask of(Collection<Topic> topics) {
    return new Ask(List.copyOf(topics), "", 0, "", "", Integer.MAX_VALUE);
  }

  /** From now on. */
  public static Ask of(Topic... topics) {
    return of(List.of(topics));
  }

  /** Behind a cursor; from now on when it is empty. */
  public Ask behind(Cursor from) {
    return behind(from.toString());
  }

  /** Behind a cursor. */
  public Ask behind(String from) {
    return new Ask(topics, from, replay, lastEventId, token, cutAfter);
  }

  /** With the newest events. */
  public Ask latest(int count) {
    return new Ask(topics, cursor, count, lastEventId, token, cutAfter);
  }

  /** With the header of an {@code EventSource} that reconnects. */
  public Ask lastEventId(String id) {
    return new Ask(topics, cursor, replay, id, token, cutAfter);
  }

  /** With a token. */
  public Ask token(String secret) {
    return new Ask(topics, cursor, replay, lastEventId, secret, cutAfter);
  }

  /** Until so many events have come. */
  public Ask cutAfter(int events) {
    return new Ask(topics, cursor, replay, lastEventId, token, events);
  }

  /** The request's target. */
  public String target(String more) {
    List<String> parameters = new ArrayList<>();
    topics.forEach(topic -> parameters.add("topic=" + encoded(topic.name())));
    if (!cursor.isEmpty()) {
      parameters.add("cursor=" + encoded(cursor));
    }
    if (replay > 0) {
      parameters.add("replay=" + replay);
    }
    if (!token.isEmpty()) {
      parameters.add("access_token=" + encoded(token));
    }
    if (!more.isEmpty()) {
      parameters.add(more);
    }
    return "/subscribe?" + String.join("&", parameters);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
