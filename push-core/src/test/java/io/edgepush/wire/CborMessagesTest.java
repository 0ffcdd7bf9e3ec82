package io.edgepush.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.edgepush.model.Content;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Problem;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Topic;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CborMessagesTest {
  private static final EventId ID = EventId.parse("3:k3Fz8Q:1763800000000-3");

  private static String json(byte[] cbor) {
    return new String(CborMessages.toJson(cbor), UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"ping\",\"ref\":9007199254740991}",
        "{\"a\":[1,-1,[],{}],\"b\":{\"c\":null,\"d\":true},\"e\":\"é\"}",
        "[0.5,123456789012345678901234567890,false]",
        "\"text\""
      })
  void whatIsWrittenIsReadBack(String text) {
    assertEquals(text, json(CborMessages.fromJson(text.getBytes(UTF_8))));
  }

  @Test
  void numbersWithAFractionAreDoublesAsInJavaScript() {
    assertEquals("[0.1,1000.0]", json(CborMessages.fromJson("[0.1,1e3]".getBytes(US_ASCII))));
    String beyond = HexFormat.of().formatHex(CborMessages.fromJson("1e999".getBytes(US_ASCII)));
    assertEquals("fb7ff0000000000000", beyond, "infinity, as JSON.parse reads it");
  }

  @Test
  void anEventHasItsMembersInOrderAndBinaryDataAsBytes() {
    Content content = new Content("t", "k", Content.Encoding.BINARY, new byte[] {1, -1});
    Event event = new Event(ID, ID.position().before(), new Topic("a"), content);
    assertEquals(
        "a26474797065656576656e74656576656e74a5626964"
            + text(ID.toString())
            + "65746f7069636161"
            + "64747970656174"
            + "636b6579616b"
            + "646461746142"
            + "01ff",
        HexFormat.of().formatHex(CborMessages.encode(event)));
  }

  private static String text(String value) {
    return "78"
        + Integer.toHexString(value.length())
        + HexFormat.of().formatHex(value.getBytes(US_ASCII));
  }

  @Test
  void aByteStringStandsForTheDataOfAPublishedEvent() {
    byte[] publish =
        HexFormat.of()
            .parseHex("a2647479706567" + "7075626c697368" + "656576656e74a1646461746142" + "01ff");
    assertEquals(
        "{\"type\":\"publish\",\"event\":{\"data\":\"Af8=\",\"encoding\":\"base64\"}}",
        json(publish));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "nothing,''",
    "a second item,0000",
    "a map that is cut,a164",
    "a text that is cut,6461",
    "text that is not UTF-8,61ff",
    "a byte string elsewhere,a1647479706541ff",
    "not a number,f97e00",
    "infinity,fb7ff0000000000000",
    "a break alone,ff",
    "a reserved length,1c",
    "a lone surrogate,63eda080"
  })
  void whatJsonCanNotExpressIsRefused(String what, String hex) {
    byte[] cbor = HexFormat.of().parseHex(hex);
    ProblemException refused =
        assertThrows(ProblemException.class, () -> CborMessages.toJson(cbor), what);
    assertEquals(Problem.Code.MALFORMED, refused.problem().code());
  }

  @Test
  void nestingHasABound() {
    byte[] deep = "\u0081".repeat(100_000).getBytes(ISO_8859_1);
    assertThrows(ProblemException.class, () -> CborMessages.toJson(deep));
  }
}
