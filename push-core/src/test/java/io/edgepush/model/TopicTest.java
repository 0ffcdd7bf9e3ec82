package io.edgepush.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "orders.eu.42",
        "chat:lobby",
        "private-room-7",
        "https://example.com/books/1",
        "..",
        "#a?b=c&d=%20~!$'()+,;@[]^_`|<>"
      })
  void namesOfOtherSystemsAreTopics(String name) {
    assertEquals(name, new Topic(name).toString());
  }

  @Test
  void eachCharacterIsPermittedOrNamedInTheProblem() {
    String forbidden = " \"\\*{}";
    for (char c = 0; c < 0x180; c++) {
      String name = "ab" + c;
      if (c > ' ' && c < 0x7f && forbidden.indexOf(c) < 0) {
        assertEquals(name, new Topic(name).name());
      } else {
        Problem problem =
            assertThrows(ProblemException.class, () -> new Topic(name), "code " + (int) c)
                .problem();
        assertEquals(Problem.Code.INVALID_TOPIC, problem.code());
        assertEquals("topic", problem.field());
        assertTrue(problem.detail().startsWith("character 3 "), problem.detail());
      }
    }
  }

  @Test
  void aTopicHasOneToTwoHundredCharacters() {
    assertEquals(200, new Topic("a".repeat(200)).name().length());
    assertThrows(ProblemException.class, () -> new Topic("a".repeat(201)));
    assertThrows(ProblemException.class, () -> new Topic(""));
  }

  @Test
  void theOnlyPartitionHasEveryTopic() {
    assertEquals(0, new Topic("anything").partition(1));
  }

  @Test
  void thePartitionFollowsFromTheChecksum() {
    assertEquals(0x31C3 % 16_384, new Topic("123456789").partition(16_384));
    assertEquals(0x31C3 % 7, new Topic("123456789").partition(7));
  }

  @Test
  void topicsSpreadOverThePartitions() {
    int[] topics = new int[64];
    IntStream.range(0, 64_000).forEach(i -> topics[new Topic("orders." + i).partition(64)]++);

    assertTrue(
        Arrays.stream(topics).allMatch(n -> n > 700 && n < 1_300), () -> Arrays.toString(topics));
  }
}
