package io.edgepush.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicationTest {
  private static final Topic TOPIC = new Topic("a");

  @ParameterizedTest
  @ValueSource(strings = {"order.created", "ключ", "with space", "😀"})
  void typeKeyAndIdArePrintableText(String text) {
    Content content = new Content(text, text, Content.Encoding.JSON, new byte[0]);
    assertEquals(text, new Publication(TOPIC, content, text, true).idempotencyKey());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\nb", "\u0000", "\u007f", "\u0085", "\ud83d", "a\ude00b", "\ude00\ud83d"})
  void controlCharactersAndHalvesOfSurrogatePairsAreRefused(String text) {
    assertNamesRefused(text);
  }

  @Test
  void typeKeyAndIdHaveAtMostTwoHundredCharacters() {
    assertNamesRefused("a".repeat(201));
    String longest = "a".repeat(200);
    assertEquals(longest, new Content(longest, longest, Content.Encoding.JSON, new byte[0]).key());
  }

  private static void assertNamesRefused(String text) {
    assertProblem("type", Problem.Code.INVALID_FIELD, () -> content(text, "", 0));
    assertProblem("key", Problem.Code.INVALID_FIELD, () -> content("", text, 0));
    assertProblem(
        "id",
        Problem.Code.INVALID_FIELD,
        () -> new Publication(TOPIC, content("", "", 0), text, true));
  }

  @Test
  void anIdIsNotEmpty() {
    assertProblem(
        "id",
        Problem.Code.INVALID_FIELD,
        () -> new Publication(TOPIC, content("", "", 0), "", true));
  }

  @Test
  void dataHasAtMost64KiB() {
    assertEquals(65_536, content("", "", 65_536).data().length);
    assertProblem("data", Problem.Code.TOO_LARGE, () -> content("", "", 65_537));
  }

  private static Content content(String type, String key, int size) {
    return new Content(type, key, Content.Encoding.BINARY, new byte[size]);
  }

  private static void assertProblem(String field, Problem.Code code, Executable executable) {
    Problem problem = assertThrows(ProblemException.class, executable).problem();
    assertEquals(field, problem.field());
    assertEquals(code, problem.code());
  }
}
