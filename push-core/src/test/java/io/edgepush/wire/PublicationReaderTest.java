package io.edgepush.wire;

import static io.edgepush.wire.PublicationAsserts.assertProblem;
import static io.edgepush.wire.PublicationAsserts.good;
import static io.edgepush.wire.PublicationAsserts.one;
import static io.edgepush.wire.PublicationAsserts.problem;
import static io.edgepush.wire.PublicationAsserts.text;
import static io.edgepush.wire.PublicationAsserts.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.model.Content;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Publication;
import io.edgepush.wire.PublicationReader.Body;
import io.edgepush.wire.PublicationReader.Item;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicationReaderTest {
  @Test
  void anEventWithEverythingIsRead() {
    Publication read =
        one(
            "{\"id\":\"8f2c\",\"key\":\"42\",\"data\":{\"total\":99.50},\"type\":\"order.created\",\"topic\":\"orders.42\"}");
    assertEquals("orders.42", read.topic().name());
    assertEquals("order.created", read.content().type());
    assertEquals("42", read.content().key());
    assertEquals(Content.Encoding.JSON, read.content().encoding());
    assertEquals("{\"total\":99.50}", text(read));
    assertEquals("8f2c", read.idempotencyKey());
    assertTrue(read.keyGiven());
  }

  @Test
  void anEventWithoutIdGetsAKeyOfItsOwn() {
    Publication first = one("{\"topic\":\"a\",\"data\":1}");
    Publication second = one("{\"topic\":\"a\",\"data\":1}");
    assertFalse(first.keyGiven());
    assertTrue(first.idempotencyKey().length() >= 22, first.idempotencyKey());
    assertNotEquals(first.idempotencyKey(), second.idempotencyKey());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "false",
        "0",
        "-1.50e+3",
        "1E400",
        "\"\"",
        "\"\\u00e9\\ud800\\/é😀\"",
        "[]",
        "{}",
        "[ 1 , [ ] , { \"a b\" : \"]}\\\"\\\\\" } ]",
        "\"\u2028\u007f\""
      })
  void dataIsCopiedByteForByte(String data) {
    for (String event :
        new String[] {
          "{\"topic\":\"a\",\"data\":%s}",
          "{\"data\":%s,\"topic\":\"a\"}",
          "\t{ \"topic\" : \"a\" , \"data\" : %s , \"key\":\"k\" } \r\n"
        }) {
      assertEquals(data, text(one(event.formatted(data))));
    }
    for (String behind : new String[] {"", " ", "\n", "\t \r\n"}) {
      assertEquals(
          data, new String(PublicationReader.readData(utf8(behind + data + behind)), UTF_8));
    }
  }

  @Test
  void aLongNumberIsCopiedByteForByte() {
    String digits = "9".repeat(20_000);
    assertEquals(digits, text(one("{\"topic\":\"a\",\"data\":" + digits + "}")));
  }

  @Test
  void lineBreaksBetweenTokensBecomeSpaces() {
    assertEquals(
        "{  \"a\": [1,  2] }", text(one("{\"topic\":\"a\",\"data\":{\r\n\"a\":\n[1,\r\r2]\n}}")));
  }

  @Property(tries = 300)
  void anyValueAnywhereIsCopiedByteForByte(
      @ForAll("json") String data, @ForAll("space") String space) {
    String event = "{%1$s\"data\"%1$s:%1$s%2$s%1$s,\"topic\":\"a\"}%1$s".formatted(space, data);
    assertEquals(data, text(one(event)));
    Body batch = PublicationReader.read(utf8("[" + event + "," + space + event + "]"));
    assertEquals(data, text(good(batch, 0)));
    assertEquals(data, text(good(batch, 1)));
    byte[] framed = utf8("é" + event + "}");
    assertEquals(data, text(PublicationReader.readEvent(framed, 2, framed.length - 1)));
  }

  @Provide
  static Arbitrary<String> space() {
    return Arbitraries.strings().withChars(" \t\r\n").ofMaxLength(3);
  }

  @Provide
  static Arbitrary<String> json() {
    Arbitrary<String> text =
        Arbitraries.strings()
            .withChars("aé ]},:[{")
            .ofMaxLength(8)
            .flatMap(
                s ->
                    Arbitraries.of("", "\\n", "\\\"", "\\\\", "\\u0000", "😀")
                        .map(escape -> "\"" + s + escape + "\""));
    Arbitrary<String> leaf =
        Arbitraries.oneOf(text, Arbitraries.of("true", "null", "-0.0e-7", "12"));
    return Arbitraries.lazyOf(
        () -> leaf,
        () -> leaf,
        () -> json().list().ofMaxSize(3).map(l -> "[" + String.join(" ,", l) + "]"),
        () ->
            Combinators.combine(text, json())
                .as((name, value) -> "{" + name + " :\t" + value + "}"));
  }

  @Test
  void base64IsDecoded() {
    Publication read = one("{\"topic\":\"a\",\"data\":\"AAEC\\/w==\",\"encoding\":\"base64\"}");
    assertEquals(Content.Encoding.BINARY, read.content().encoding());
    assertArrayEquals(new byte[] {0, 1, 2, -1}, read.content().data());
    assertEquals(
        0, one("{\"topic\":\"a\",\"encoding\":\"base64\",\"data\":\"\"}").content().data().length);
  }

  @Test
  void dataHasABound() {
    int most = Content.MAX_DATA_BYTES;
    assertEquals(
        most,
        one("{\"topic\":\"a\",\"data\":\"" + "é".repeat(most / 2 - 1) + "\"}")
            .content()
            .data()
            .length);
    assertProblem(
        Code.TOO_LARGE, "data", "{\"topic\":\"a\",\"data\":\"" + "x".repeat(most - 1) + "\"}");
    String encoded = "AAAA".repeat(most / 3);
    assertEquals(
        most,
        one("{\"topic\":\"a\",\"encoding\":\"base64\",\"data\":\"" + encoded + "AA==\"}")
            .content()
            .data()
            .length);
    assertProblem(
        Code.TOO_LARGE,
        "data",
        "{\"topic\":\"a\",\"encoding\":\"base64\",\"data\":\"" + encoded + "AAA=\"}");
  }

  @Test
  void dataIsNestedAtMostAHundredDeep() {
    String hundred = "[".repeat(99) + "{}" + "]".repeat(99);
    String more = "{\"a\":" + hundred + "}";
    String event = "{\"topic\":\"a\",\"data\":%s}";
    assertEquals(hundred, text(one(event.formatted(hundred))));
    assertEquals(
        hundred, text(good(PublicationReader.read(utf8("[" + event.formatted(hundred) + "]")), 0)));
    assertEquals(hundred, new String(PublicationReader.readData(utf8(hundred)), UTF_8));

    assertTrue(
        assertProblem(Code.INVALID_FIELD, null, event.formatted(more))
            .field()
            .startsWith("data.a[0]"));
    assertTrue(
        assertProblem(Code.INVALID_FIELD, null, "[" + event.formatted(more) + "]")
            .field()
            .startsWith("[0].data.a"));
    assertTrue(
        assertProblem(Code.INVALID_FIELD, null, event.formatted("[".repeat(500_000)))
            .field()
            .startsWith("data["));
    assertThrows(ProblemException.class, () -> PublicationReader.readData(utf8(more)));
  }

  @Test
  void anArrayHasOneToAThousandEvents() {
    String event = "{\"topic\":\"a\",\"data\":1}";
    Body most = PublicationReader.read(utf8("[" + event + ("," + event).repeat(999) + "]"));
    assertEquals(1_000, most.items().size());
    assertEquals(
        1_000,
        most.items().stream()
            .map(i -> ((Item.Good) i).publication().idempotencyKey())
            .distinct()
            .count());
    assertProblem(Code.INVALID_FIELD, "[1000]", "[" + event + ("," + event).repeat(1_000) + "]");
    assertProblem(Code.INVALID_FIELD, "", "[]");
  }

  @Test
  void anEventInsideAMessageIsReadAndProblemsAreRelativeToIt() {
    String message = "{\"type\":\"publish\",\"event\":{\"topic\":\"a\",\"data\":[1]},\"ref\":4}";
    int from = message.indexOf("{\"topic");
    int to = message.indexOf(",\"ref");
    assertEquals("[1]", text(PublicationReader.readEvent(utf8(message), from, to)));
    Problem problem =
        assertThrows(
                ProblemException.class,
                () -> PublicationReader.readEvent(utf8(message.replace("data", "dato")), from, to))
            .problem();
    assertEquals("unknown-field dato", problem.code().slug() + " " + problem.field());
    assertThrows(
        ProblemException.class, () -> PublicationReader.readEvent(utf8(message), from, to + 1));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> PublicationReader.readEvent(utf8(message), 0, 1_000));
  }

  @Test
  void textBecomesAJsonString() {
    assertEquals(
        "\"a\\\"\\\\\\n\\u0000é😀/\"",
        new String(PublicationReader.quoteText(utf8("a\"\\\n\0é😀/")), UTF_8));
    assertEquals("\"\"", new String(PublicationReader.quoteText(new byte[0]), UTF_8));
  }
}
