package io.edgepush.hub;

import io.edgepush.model.Cursor;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Topic;
import io.edgepush.wire.Start;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What {@code GET /subscribe} asks for, whatever the transport.
 *
 * @param topics without repetitions, at most {@link #MAX_TOPICS}; may be empty on WebSocket only
 * @param start where to begin
 * @param pollWait how long a long-poll waits
 */
public record SubscribeRequest(List<Topic> topics, Start start, Duration pollWait) {
  /** The most topics that a URL may name. */
  public static final int MAX_TOPICS = 100;

  /** The longest wait of a long-poll. */
  public static final Duration MAX_WAIT = Duration.ofSeconds(25);

  /** Copies the list. */
  public SubscribeRequest {
    topics = List.copyOf(topics);
  }

  /**
   * Reads the parameters of the URL.
   *
   * @param parameters the values of a query parameter by its name, decoded; an empty list when it
   *     is absent
   * @param lastEventId the header's value, which beats the cursor parameter; an empty string when
   *     it is absent
   * @param topicsRequired whether at least one topic is needed
   * @throws io.edgepush.model.ProblemException names the parameter at fault
   */
  public static SubscribeRequest of(
      Function<String, List<String>> parameters, String lastEventId, boolean topicsRequired) {
    Set<Topic> topics = new LinkedHashSet<>();
    for (String name : parameters.apply("topic")) {
      topics.add(new Topic(name));
    }
    if (topics.size() > MAX_TOPICS || (topics.isEmpty() && topicsRequired)) {
      throw Problem.of(Code.INVALID_FIELD, "topic", "topic is given 1 to " + MAX_TOPICS + " times")
          .exception();
    }
    Cursor cursor =
        lastEventId.isEmpty() ? Cursor.parse(single(parameters, "cursor")) : lastSeen(lastEventId);
    int replay = number(parameters, "replay", Start.MAX_REPLAY, 0);
    int seconds = (int) MAX_WAIT.toSeconds();
    Duration wait = Duration.ofSeconds(number(parameters, "wait", seconds, seconds));
    return new SubscribeRequest(
        List.copyOf(topics),
        cursor.isEmpty() ? new Start.Latest(replay) : new Start.Behind(cursor),
        wait);
  }

  private static Cursor lastSeen(String lastEventId) {
    try {
      return Cursor.parse(lastEventId);
    } catch (ProblemException e) {
      throw e.problem().at("Last-Event-ID").exception();
    }
  }

  private static String single(Function<String, List<String>> parameters, String name) {
    List<String> values = parameters.apply(name);
    if (values.size() > 1) {
      throw Problem.of(Code.INVALID_FIELD, name, name + " is given at most once").exception();
    }
    return values.isEmpty() ? "" : values.getFirst();
  }

  private static int number(
      Function<String, List<String>> parameters, String name, int max, int absent) {
    String text = single(parameters, name);
    if (text.isEmpty()) {
      return absent;
    }
    boolean digits = text.length() <= 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || Integer.parseInt(text) > max) {
      throw Problem.of(Code.INVALID_FIELD, name, name + " is an integer from 0 to " + max)
          .exception();
    }
    return Integer.parseInt(text);
  }
}
