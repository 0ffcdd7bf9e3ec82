package io.edgepush.service.access;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a pattern means, written once more and as plainly as possible. */
final class ReferenceMatcher {
  private static final Pattern PIECE = Pattern.compile("([^.:/]*)([.:/]|$)");

  private ReferenceMatcher() {}

  static boolean matches(String pattern, String topic) {
    List<String> p = pieces(pattern);
    List<String> t = pieces(topic);
    for (int i = 0; i < p.size(); i++) {
      if (p.get(i).equals("**")) {
        return i < t.size() && !String.join("", t.subList(i, t.size())).isEmpty();
      }
      boolean one = p.get(i).equals("*");
      if (i >= t.size() || (one ? t.get(i).isEmpty() : !p.get(i).equals(t.get(i)))) {
        return false;
      }
    }
    return p.size() == t.size();
  }

  /** Segment, separator, segment and so on, empty segments too. */
  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    Matcher matcher = PIECE.matcher(text);
    while (matcher.find()) {
      pieces.add(matcher.group(1));
      if (matcher.group(2).isEmpty()) {
        return pieces;
      }
      pieces.add(matcher.group(2));
    }
    return pieces;
  }
}
