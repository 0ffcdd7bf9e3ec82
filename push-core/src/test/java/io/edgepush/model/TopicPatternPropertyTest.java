package io.edgepush.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

class TopicPatternPropertyTest {
  private static final String SEGMENT_BEGINS = "(?<=^|[.:/])";
  private static final String SEGMENT_ENDS = "(?=[.:/]|$)";

  @Property(tries = 1_500, edgeCases = EdgeCasesMode.NONE)
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void aPatternMatchesWhatTheReferenceMatches(@ForAll("pairs") Tuple2<String, String> pair) {
    String pattern = pair.get1();
    String name = pair.get2();
    boolean expected = reference(pattern).matcher(name).matches();
    Statistics.label("matches")
        .collect(expected)
        .coverage(c -> c.check(true).percentage(p -> p > 15));

    assertEquals(
        expected,
        new TopicPattern(pattern).matches(new Topic(name)),
        () -> pattern + " of " + name);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void aTopicMatchesThePatternThatReadsTheSameAndThatOfAll(@ForAll("names") String name) {
    assertTrue(new TopicPattern(name).matches(new Topic(name)));
    assertTrue(new TopicPattern("**").matches(new Topic(name)));
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void aTextIsAPatternIfAndOnlyIfTheReferenceSaysSo(@ForAll("texts") String text) {
    String stars = text.replaceAll(SEGMENT_BEGINS + "(\\*|\\*\\*$)" + SEGMENT_ENDS, "x");
    boolean expected = stars.matches("[!-~&&[^\"\\\\*{}]]{1,200}");

    assertEquals(expected, accepts(text), text);
  }

  private static boolean accepts(String text) {
    try {
      return new TopicPattern(text).text().equals(text);
    } catch (ProblemException e) {
      assertEquals(Problem.Code.INVALID_TOPIC, e.problem().code());
      return false;
    }
  }

  private static Pattern reference(String pattern) {
    StringBuilder regex = new StringBuilder();
    for (String part : pattern.split("(?<=[.:/])|(?=[.:/])", -1)) {
      regex.append(
          switch (part) {
            case "*" -> "[^.:/]+";
            case "**" -> ".+";
            default -> Pattern.quote(part);
          });
    }
    return Pattern.compile(regex.toString());
  }

  @Example
  void separatorsMatchLiterally() {
    assertFalse(new TopicPattern("a.*").matches(new Topic("a:b")));
    assertFalse(
        new TopicPattern("https://*/books/*").matches(new Topic("https://example.com/books/1")));
    assertTrue(
        new TopicPattern("https://*.com/books/*")
            .matches(new Topic("https://example.com/books/1")));
  }

  @Example
  void aStarIsOneSegmentThatIsNotEmptyAndTwoAreARest() {
    TopicPattern one = new TopicPattern("orders.*");
    TopicPattern rest = new TopicPattern("orders.**");
    for (TopicPattern pattern : List.of(one, rest)) {
      assertTrue(pattern.matches(new Topic("orders.1")));
      assertFalse(pattern.matches(new Topic("orders.")));
      assertFalse(pattern.matches(new Topic("orders")));
      assertFalse(pattern.matches(new Topic("ordersx1")));
    }
    assertFalse(one.matches(new Topic("orders.1.2")));
    assertTrue(rest.matches(new Topic("orders.1.2")));
  }

  @Example
  void aLongPatternIsRefusedWithItsBeginning() {
    Problem problem =
        assertThrows(ProblemException.class, () -> new TopicPattern("p".repeat(201))).problem();

    assertTrue(problem.detail().endsWith("'" + "p".repeat(40) + "…'"), problem.detail());
  }

  /** A pattern, and a name that is like it or not. */
  @Provide
  Arbitrary<Tuple2<String, String>> pairs() {
    Arbitrary<String> fills = Arbitraries.of("a", "ab", "a.b", "");
    return patterns()
        .flatMap(
            pattern ->
                Arbitraries.oneOf(names(), fills.map(fill -> pattern.replaceAll("\\*+", fill)))
                    .filter(name -> !name.isEmpty())
                    .map(name -> Tuple.of(pattern, name)));
  }

  @Provide
  Arbitrary<String> patterns() {
    Arbitrary<String> heads = joined(Arbitraries.of("a", "b", "*", "*", "ab", ""));
    return Combinators.combine(heads, Arbitraries.of("", "", ".**", ":**", "/*"))
        .as(String::concat)
        .filter(p -> !p.isEmpty());
  }

  @Provide
  Arbitrary<String> names() {
    return joined(Arbitraries.of("a", "b", "ab", "")).filter(name -> !name.isEmpty());
  }

  @Provide
  Arbitrary<String> texts() {
    return joined(Arbitraries.of("a", "*", "**", "***", "a*", "é", "{", "", "b"));
  }

  /** Up to four segments, mostly separated by the same character. */
  private static Arbitrary<String> joined(Arbitrary<String> segments) {
    return Combinators.combine(
            segments.list().ofMinSize(1).ofMaxSize(4), Arbitraries.of('.', '.', '.', ':', '/'))
        .as((parts, separator) -> String.join(separator.toString(), parts));
  }
}
