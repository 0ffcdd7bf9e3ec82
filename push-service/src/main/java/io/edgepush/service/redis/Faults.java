package io.edgepush.service.redis;

import io.edgepush.backplane.BackplaneException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import redis.clients.jedis.exceptions.JedisDataException;

/** What failed, as the backplane tells it. */
final class Faults {
  private static final long SOON_MS = 100;
  private static final long LATER_MS = 1_000;

  /** Errors of which it is certain that nothing ran, and that pass. */
  private static final List<String> REFUSALS =
      List.of(
          "OOM",
          "READONLY",
          "LOADING",
          "MASTERDOWN",
          "CLUSTERDOWN",
          "TRYAGAIN",
          "MISCONF",
          "NOREPLICAS",
          "BUSY");

  /** Errors of which it is certain that nothing ran, and that stay. */
  private static final List<String> DENIALS =
      List.of("NOAUTH", "WRONGPASS", "NOSCRIPT", "MOVED", "ASK", "CROSSSLOT");

  private Faults() {}

  /** Redis answered with an error. */
  static BackplaneException refused(JedisDataException error) {
    String message = String.valueOf(error.getMessage());
    boolean certain = startsWithAny(message, REFUSALS) || startsWithAny(message, DENIALS);
    return new BackplaneException("Redis refused: " + message, error, !certain, LATER_MS);
  }

  private static boolean startsWithAny(String message, List<String> words) {
    return words.stream().anyMatch(message::startsWith);
  }

  /** The connection ended or the time was over before the answer came. */
  static BackplaneException unanswered(Command command, String why, Throwable cause) {
    String what = command.sent() ? "Redis did not answer: " : "not sent to Redis: ";
    return new BackplaneException(what + why, cause, command.sent(), SOON_MS);
  }

  static BackplaneException away(String why, Throwable cause, long retryAfterMs) {
    return new BackplaneException(
        "Redis is away: " + why, cause, false, Math.max(SOON_MS, retryAfterMs));
  }

  static BackplaneException overload() {
    return new BackplaneException("too much is under way to Redis", null, false, LATER_MS);
  }

  static BackplaneException closed() {
    return new BackplaneException("the backplane is closed", null, false, LATER_MS);
  }

  /** Whether a connection ended because the server said nothing for too long. */
  static boolean isSilence(Throwable why) {
    return why instanceof SocketTimeoutException
        || why.getCause() instanceof SocketTimeoutException;
  }

  /** What a stage failed with. */
  static BackplaneException of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case BackplaneException known -> known;
      case TimeoutException _ ->
          new BackplaneException("nothing came back from Redis in time", cause, true, LATER_MS);
      default -> new BackplaneException(String.valueOf(cause.getMessage()), cause, true, LATER_MS);
    };
  }

  /** A reason in a few words, for logs and messages. */
  static String words(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    if (cause == failure && failure.getSuppressed().length > 0) {
      cause = failure.getSuppressed()[0];
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
