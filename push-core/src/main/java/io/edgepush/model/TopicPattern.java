package io.edgepush.model;

/**
 * A topic in which a whole segment may be {@code *} (exactly one segment, not empty) and the last
 * may be {@code **} (one or more segments, that is, any rest that is not empty). Separators match
 * literally: {@code a.*} does not match {@code a:b}.
 *
 * @param text the pattern as configuration and tokens write it
 */
public record TopicPattern(String text) {

  /**
   * Checks the pattern.
   *
   * @throws ProblemException {@link Problem.Code#INVALID_TOPIC} when it is not a pattern
   */
  public TopicPattern {
    if (text.isEmpty() || text.length() > Topic.MAX_LENGTH) {
      throw invalid(text, "has 1 to " + Topic.MAX_LENGTH + " characters");
    }
    int start = 0;
    while (start <= text.length()) {
      int end = segmentEnd(text, start);
      checkSegment(text, start, end);
      start = end + 1;
    }
  }

  /**
   * Whether the topic is one of those this pattern stands for. Linear in the topic's length: no
   * back-tracking.
   */
  public boolean matches(Topic topic) {
    String name = topic.name();
    int p = 0;
    int n = 0;
    while (true) {
      int patternEnd = segmentEnd(text, p);
      int nameEnd = segmentEnd(name, n);
      boolean last = patternEnd == text.length();
      if (last && patternEnd - p == 2 && text.startsWith("**", p)) {
        return n < name.length();
      }
      boolean one = patternEnd - p == 1 && text.charAt(p) == '*';
      if (one ? nameEnd == n : !sameSegment(name, p, patternEnd, n, nameEnd)) {
        return false;
      }
      if (last || nameEnd == name.length()) {
        return last && nameEnd == name.length();
      }
      if (text.charAt(patternEnd) != name.charAt(nameEnd)) {
        return false;
      }
      p = patternEnd + 1;
      n = nameEnd + 1;
    }
  }

  private boolean sameSegment(String name, int p, int patternEnd, int n, int nameEnd) {
    return patternEnd - p == nameEnd - n && text.regionMatches(p, name, n, nameEnd - n);
  }

  private static int segmentEnd(String s, int from) {
    int i = from;
    while (i < s.length() && !Topic.separates(s.charAt(i))) {
      i++;
    }
    return i;
  }

  private static void checkSegment(String text, int start, int end) {
    String segment = text.substring(start, end);
    if (segment.equals("*") || (segment.equals("**") && end == text.length())) {
      return;
    }
    for (int i = 0; i < segment.length(); i++) {
      if (!Topic.permitted(segment.charAt(i))) {
        throw invalid(text, "is a topic in which a whole segment may be * and the last may be **");
      }
    }
  }

  private static ProblemException invalid(String text, String rule) {
    String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return Problem.of(
            Problem.Code.INVALID_TOPIC, "pattern", "a pattern " + rule + ": '" + shown + "'")
        .exception();
  }

  @Override
  public String toString() {
    return text;
  }
}
