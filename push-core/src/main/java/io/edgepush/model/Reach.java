package io.edgepush.model;

/**
 * Whom an event is for, and until when. Who is not meant never gets it, live or by replay, and is
 * told of no gap; nor is anybody after it has expired.
 *
 * @param session the connection that it is for; empty where it is not for one
 * @param subject the subject that it is for; empty where it is not for one
 * @param exclude the connection that it is not for; empty for none
 * @param expiresAtMs when it expires, in milliseconds since the epoch; 0 for never
 */
public record Reach(String session, String subject, String exclude, long expiresAtMs) {
  /** For everybody who subscribes the topic, as long as it is retained. */
  public static final Reach EVERYBODY = new Reach("", "", "", 0);

  /** The longest time to live, a year: nothing is retained for longer. */
  public static final long MAX_TTL_MS = 31_536_000_000L;

  /** Nobody's name: who presents no token. */
  private static final String ANONYMOUS = "anonymous";

  /**
   * Checks the names.
   *
   * @throws ProblemException {@link Problem.Code#INVALID_FIELD}
   */
  public Reach {
    Content.checkName("to", session);
    Content.checkName("to", subject);
    Content.checkName("exclude", exclude);
    if (!session.isEmpty() && !subject.isEmpty()) {
      throw Problem.of(Problem.Code.INVALID_FIELD, "to", "to names a session or a subject")
          .exception();
    }
    if (subject.equals(ANONYMOUS)) {
      throw Problem.of(Problem.Code.INVALID_FIELD, "to", "nobody in particular is anonymous")
          .exception();
    }
    if (expiresAtMs < 0) {
      throw Problem.of(Problem.Code.INVALID_FIELD, "expiresAt", "expiresAt lies in the past")
          .exception();
    }
  }

  /** Whether it is for one connection or subject. */
  public boolean targeted() {
    return !session.isEmpty() || !subject.isEmpty();
  }

  /** Whether it has expired. */
  public boolean expired(long nowMs) {
    return expiresAtMs != 0 && nowMs >= expiresAtMs;
  }

  /** Whether it is for a connection. */
  public boolean reaches(String sessionId, String name) {
    return (session.isEmpty() || session.equals(sessionId))
        && (subject.isEmpty() || subject.equals(name))
        && (exclude.isEmpty() || !exclude.equals(sessionId))
        && !expired(System.currentTimeMillis());
  }
}
