package io.edgepush.service.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgepush.access.Action;
import io.edgepush.access.Principal;
import io.edgepush.model.Topic;
import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.RawWebSocket;
import io.edgepush.service.testing.Tokens;
import io.edgepush.testing.SecretsWatch;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Nobody gets what is another's, whatever claims say and however a topic is written. */
class CrossTenantProperties {
  /** Topics that have an event each; some differ by what an encoding or a fold would make equal. */
  private static final List<String> TOPICS =
      List.of(
          "a", "A", "a.b", "a:b", "a/b", "a%2eb", "a%2Eb", "a%252eb", "a..b", "a.", ".a", "a.b.c",
          "b.a", "B.a", "a.b/c", "b", "ab", "a+b", "a,b", "a&b", "%61", "a.%62");

  private static GuardedNode node;

  @BeforeContainer
  static void start() throws IOException {
    SecretsWatch.begin();
    node = GuardedNode.start(Files.createTempDirectory("tenants"), "retention-age: 1h");
    for (String topic : TOPICS) {
      assertEquals(200, node.publish(GuardedNode.KEY, topic).status(), topic);
    }
  }

  @AfterContainer
  static void stop() {
    node.close();
    SecretsWatch.requireNothingFound();
  }

  @Provide
  Arbitrary<String> topics() {
    Arbitrary<String> segments = Arbitraries.of("", "a", "b", "A", "%2e", "a%2eb", "ab", "x-1");
    Arbitrary<String> separators = Arbitraries.of(".", ":", "/");
    Arbitrary<String> more =
        Combinators.combine(separators, segments).as((separator, s) -> separator + s);
    return Combinators.combine(segments, more.list().ofMaxSize(4))
        .as((first, rest) -> first + String.join("", rest))
        .filter(topic -> !topic.isEmpty());
  }

  @Provide
  Arbitrary<String> patterns() {
    Arbitrary<String> wild =
        Combinators.combine(topics(), Arbitraries.of("*", "**", "a"))
            .as((prefix, last) -> prefix.matches(".*[.:/]") ? prefix + last : prefix + "." + last);
    Arbitrary<String> inside = topics().map(t -> t.replaceAll("(?<![^.:/])a(?![^.:/])", "*"));
    return Arbitraries.oneOf(
        Arbitraries.of(TOPICS), topics(), wild, inside, Arbitraries.of("*", "**", "*.b", "a.**"));
  }

  private static boolean allowed(List<String> patterns, String topic) {
    return patterns.stream().anyMatch(pattern -> ReferenceMatcher.matches(pattern, topic));
  }

  private static String token(List<String> patterns) {
    String list =
        patterns.stream().map(p -> "\"" + p + "\"").collect(Collectors.joining(",", "[", "]"));
    return GuardedNode.token("\"subscribe\":" + list + ",\"publish\":" + list);
  }

  @Property(tries = 2_000)
  void aTokenGrantsWhatItsPatternsSayAndNothingElse(
      @ForAll("patterns") String first,
      @ForAll("patterns") String second,
      @ForAll("topics") String topic) {
    List<String> patterns = List.of(first, second);
    String claims =
        "{\"sub\":\"bob\",\"exp\":"
            + (Verifying.NOW.getEpochSecond() + 60)
            + ",\"subscribe\":[\""
            + first
            + "\",\""
            + second
            + "\"]}";
    Principal who =
        new Verifying(Verifying.secret(Tokens.SECRET, Algorithm.HS256))
            .accepted(Tokens.hs256(claims));
    Topic asked = new Topic(topic);
    assertEquals(allowed(patterns, topic), who.grants().permit(Action.SUBSCRIBE, asked));
    assertTrue(!who.grants().permit(Action.PUBLISH, asked), "not said");
  }

  /** Ways to write a topic in a URL that something could take for another. */
  @Provide
  Arbitrary<String> written() {
    return Combinators.combine(Arbitraries.of(TOPICS), Arbitraries.integers().between(0, 7))
        .as(
            (topic, way) ->
                switch (way) {
                  case 0 -> URLEncoder.encode(topic, StandardCharsets.UTF_8);
                  case 1 -> URLEncoder.encode(topic, StandardCharsets.UTF_8).replace(".", "%2e");
                  case 2 -> URLEncoder.encode(topic, StandardCharsets.UTF_8).replace(".", "%252e");
                  case 3 ->
                      URLEncoder.encode(topic.toUpperCase(Locale.ROOT), StandardCharsets.UTF_8);
                  case 4 -> URLEncoder.encode(topic.replace('.', '\uff0e'), StandardCharsets.UTF_8);
                  case 5 -> URLEncoder.encode(topic.replace('a', '\u0430'), StandardCharsets.UTF_8);
                  case 6 -> URLEncoder.encode(topic, StandardCharsets.UTF_8) + "%00";
                  default ->
                      URLEncoder.encode(topic, StandardCharsets.UTF_8).replace("a", "%c1%a1");
                });
  }

  @Property(tries = 300)
  void aRequestBringsOnlyEventsOfTopicsThatThePatternsAllow(
      @ForAll("patterns") String pattern,
      @ForAll("written") String one,
      @ForAll("written") String other)
      throws IOException {
    List<String> patterns = List.of(pattern);
    HttpAnswer answer =
        node.get(
            "/subscribe?wait=0&replay=10&topic=" + one + "&topic=" + other,
            "Authorization: Bearer " + token(patterns));
    if (answer.status() == 200) {
      for (JsonNode event : answer.json().path("events")) {
        String topic = event.path("topic").asText();
        assertTrue(allowed(patterns, topic), topic);
      }
    } else {
      assertTrue(answer.status() == 400 || answer.status() == 403, answer::text);
    }
  }

  @Property(tries = 150)
  void aBatchOfSubscriptionsIsJudgedOneByOne(@ForAll("patterns") String pattern, @ForAll long seed)
      throws IOException {
    List<String> patterns = List.of(pattern);
    List<String> asked = new ArrayList<>(TOPICS);
    Collections.shuffle(asked, new Random(seed));
    String list = asked.stream().map(t -> "\"" + t + "\"").collect(Collectors.joining(","));
    TreeSet<String> allowed =
        asked.stream()
            .filter(t -> allowed(patterns, t))
            .collect(Collectors.toCollection(TreeSet::new));
    try (RawWebSocket socket = new RawWebSocket(node.port(), "?access_token=" + token(patterns))) {
      socket.send("{\"type\":\"subscribe\",\"ref\":1,\"replay\":10,\"topics\":[" + list + "]}");
      socket.send("{\"type\":\"ping\",\"ref\":2}");
      TreeSet<String> got = new TreeSet<>();
      TreeSet<String> events = new TreeSet<>();
      for (JsonNode m = next(socket); !m.path("type").asText().equals("ack"); m = next(socket)) {
        switch (m.path("type").asText()) {
          case "subscribed" -> m.path("topics").forEach(t -> got.add(t.asText()));
          case "event" -> events.add(m.path("event").path("topic").asText());
          default -> {}
        }
      }
      assertEquals(allowed, got);
      assertEquals(allowed, events);
    }
  }

  private static JsonNode next(RawWebSocket socket) throws IOException {
    return HttpAnswer.read(socket.nextFrame().text());
  }

  @Property(tries = 100)
  void aBatchOfEventsIsJudgedOneByOne(@ForAll("patterns") String pattern) throws IOException {
    String body =
        TOPICS.stream()
            .map(t -> "{\"topic\":\"" + t + "\",\"data\":1}")
            .collect(Collectors.joining(",", "[", "]"));
    HttpAnswer answer =
        node.post(
            node.privatePort(),
            "/v1/events",
            body,
            "Content-Type: application/json",
            "Authorization: Bearer " + token(List.of(pattern)));
    List<String> published =
        answer.status() == 403 ? List.of() : answer.json().findValuesAsText("topic");
    assertEquals(TOPICS.stream().filter(t -> allowed(List.of(pattern), t)).toList(), published);
  }
}
