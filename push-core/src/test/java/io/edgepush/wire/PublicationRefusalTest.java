package io.edgepush.wire;

import static io.edgepush.wire.PublicationAsserts.assertProblem;
import static io.edgepush.wire.PublicationAsserts.good;
import static io.edgepush.wire.PublicationAsserts.one;
import static io.edgepush.wire.PublicationAsserts.problem;
import static io.edgepush.wire.PublicationAsserts.text;
import static io.edgepush.wire.PublicationAsserts.utf8;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.wire.PublicationReader.Body;
import io.edgepush.wire.PublicationReader.Item;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicationRefusalTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"AAE\"",
        "\"AA=\"",
        "\"A A=\"",
        "\"AAEC_w==\"",
        "\"AAEC-w==\"",
        "\"é===\"",
        "\"AAEC\\n\"",
        "\"AAAA=\"",
        "\"====\"",
        "1",
        "null",
        "[\"AAEC\"]"
      })
  void whatIsNotBase64IsRefused(String data) {
    assertProblem(
        Code.INVALID_FIELD,
        "data",
        "{\"topic\":\"a\",\"encoding\":\"base64\",\"data\":" + data + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
      invalid-field | topic    | {"data":1}
      invalid-field | data     | {"topic":"a"}
      invalid-field | topic    | {}
      invalid-field | topic    | {"topic":1,"data":1}
      invalid-field | topic    | {"topic":null,"data":1}
      invalid-field | topic    | {"topic":["a"],"data":1}
      invalid-field | type     | {"topic":"a","data":1,"type":null}
      invalid-field | type     | {"topic":"a","data":1,"type":{"a":{}}}
      invalid-field | type     | {"topic":"a","data":1,"type":"a\\nb"}
      invalid-field | type     | {"topic":"a","data":1,"type":"a\\ud83d"}
      invalid-field | key      | {"topic":"a","data":1,"key":7}
      invalid-field | key      | {"topic":"a","data":1,"key":"\\ude00\\ud83d"}
      invalid-field | id       | {"topic":"a","data":1,"id":""}
      invalid-field | id       | {"topic":"a","data":1,"id":true}
      invalid-field | id       | {"topic":"a","data":1,"id":"\\u007f"}
      invalid-field | encoding | {"topic":"a","data":"","encoding":"hex"}
      invalid-field | encoding | {"topic":"a","data":"","encoding":null}
      unknown-field | Topic    | {"Topic":"a","topic":"a","data":1}
      unknown-field | payload  | {"topic":"a","data":1,"payload":[[{"a":1}]]}
      invalid-topic | topic    | {"topic":"","data":1}
      invalid-topic | topic    | {"topic":"a b","data":1}
      invalid-topic | topic    | {"topic":"a.*","data":1}
      invalid-topic | topic    | {"topic":"\\u00e9","data":1}
      invalid-topic | topic    | {"topic":"\\u0000","data":1}
      """)
  void whatIsWrongWithAMemberIsNamed(String code, String field, String event) {
    Problem alone = problem(utf8(event));
    assertEquals(code + " " + field, alone.code().slug() + " " + alone.field());

    Body batch =
        PublicationReader.read(
            utf8("[{\"topic\":\"b\",\"data\":2}," + event + ",{\"topic\":\"b\",\"data\":3}]"));
    assertTrue(batch.array());
    assertEquals("2", text(good(batch, 0)));
    Problem second = assertInstanceOf(Item.Bad.class, batch.items().get(1)).problem();
    assertEquals(code + " [1]." + field, second.code().slug() + " " + second.field());
    assertEquals(alone.detail(), second.detail());
    assertEquals("3", text(good(batch, 2)));
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 5_000})
  void namesHaveABound(int length) {
    String text = "x".repeat(length);
    for (String name : new String[] {"type", "key", "id"}) {
      assertProblem(
          Code.INVALID_FIELD,
          name,
          "{\"topic\":\"a\",\"data\":1,\"" + name + "\":\"" + text + "\"}");
    }
    assertProblem(Code.INVALID_TOPIC, "topic", "{\"topic\":\"" + text + "\",\"data\":1}");
    Problem unknown = problem(utf8("{\"" + text + "\":1}"));
    assertEquals(Code.UNKNOWN_FIELD, unknown.code());
    assertEquals(41, unknown.field().length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "x",
        "nul",
        "{",
        "[",
        "[{\"topic\":\"a\",\"data\":1}",
        "{\"topic\":\"a\",\"data\":1",
        "{\"topic\":\"a\",\"data\":[1}",
        "{\"topic\":\"a\",\"data\":tru}",
        "{\"topic\":\"a\",\"data\":01}",
        "{\"topic\":\"a\",\"data\":+1}",
        "{\"topic\":\"a\",\"data\":1.}",
        "{\"topic\":\"a\",\"data\":.5}",
        "{\"topic\":\"a\",\"data\":NaN}",
        "{\"topic\":\"a\",\"data\":'x'}",
        "{topic:\"a\",\"data\":1}",
        "{\"topic\":\"a\",\"data\":1,}",
        "{\"topic\":\"a\",\"data\":[1,]}",
        "{\"topic\":\"a\" \"data\":1}",
        "{\"topic\":\"a\",\"data\":\"\n\"}",
        "{\"topic\":\"a\",\"data\":[\"\t\"]}",
        "{\"topic\":\"a\",\"data\":\"\\x\"}",
        "{\"topic\":\"a\",\"data\":[\"\\u12g4\"]}",
        "{\"topic\":\"a\",\"data\":1}x",
        "{\"topic\":\"a\",\"data\":1}{}",
        "{\"topic\":\"a\",\"data\":1},",
        "{\"topic\":\"a\",\"data\":1}\u0000",
        "/**/{\"topic\":\"a\",\"data\":1}",
        "\u00a0{\"topic\":\"a\",\"data\":1}",
        "\ufeff{\"topic\":\"a\",\"data\":1}",
        "[{\"topic\":\"a\",\"data\":1}]]",
        "1",
        "\"a\"",
        "null",
        "{\"topic\":\"a\",\"data\":\"unended}"
      })
  void whatIsNotJsonIsMalformed(String body) {
    assertProblem(Code.MALFORMED, null, body);
  }

  @Test
  void brokenJsonInAnArrayRefusesTheWholeAndNamesThePlace() {
    String good = "{\"topic\":\"a\",\"data\":1},";
    assertProblem(
        Code.MALFORMED, "[1].data.x", "[" + good + "{\"topic\":\"a\",\"data\":{\"x\":y}}]");
    assertProblem(Code.MALFORMED, "[2]", "[" + good + good + "]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
      topic    | {"topic":"a","data":1,"topic":"a"}
      data     | {"data":1,"topic":"a","data":1}
      data.x   | {"topic":"a","data":{"x":1,"y":2,"x":3}}
      [0].id   | [{"topic":"a","data":1,"id":"1","id":"1"}]
      """)
  void aMemberThatOccursTwiceIsMalformed(String field, String body) {
    assertTrue(assertProblem(Code.MALFORMED, field, body).detail().contains("uplicate"));
  }

  @Test
  void anArrayElementThatIsNoObjectIsRefusedAlone() {
    Body batch = PublicationReader.read(utf8("[[1,[2]],\"x\",{\"topic\":\"a\",\"data\":1},null]"));
    for (int i : new int[] {0, 1, 3}) {
      Problem problem = assertInstanceOf(Item.Bad.class, batch.items().get(i)).problem();
      assertEquals("malformed [" + i + "]", problem.code().slug() + " " + problem.field());
    }
    assertEquals("1", text(good(batch, 2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "c3",
        "c328",
        "c0af",
        "e080af",
        "f08080af",
        "eda080",
        "edbfbf",
        "f4908080",
        "f888808080",
        "ff",
        "fe",
        "e282",
        "f09f98"
      })
  void whatIsNotUtf8IsMalformed(String hex) {
    byte[] bad = HexFormat.of().parseHex(hex);
    for (String event :
        new String[] {
          "{\"topic\":\"a\",\"data\":\"é§\"}",
          "{\"topic\":\"a\",\"data\":1,\"type\":\"é§\"}",
          "{\"topic\":\"a\",\"data\":{\"é§\":1}}",
          "§{}"
        }) {
      Problem problem = problem(insert(event, bad));
      assertEquals(Code.MALFORMED, problem.code());
      assertEquals(
          "byte " + (utf8(event.substring(0, event.indexOf('§'))).length + 1) + " is not UTF-8",
          problem.detail());
    }
    assertThrows(ProblemException.class, () -> PublicationReader.quoteText(bad));
  }

  @Test
  void badUtf8BehindTheFirstThousandsOfCharactersIsFound() {
    for (int length : new int[] {1022, 1023, 1024, 1025, 5000}) {
      String text = "é".repeat(length);
      assertEquals(
          Code.MALFORMED,
          problem(insert("{\"topic\":\"a\",\"data\":\"" + text + "§\"}", new byte[] {(byte) 0xc3}))
              .code());
      assertEquals("\"" + text + "\"", text(one("{\"topic\":\"a\",\"data\":\"" + text + "\"}")));
    }
  }

  @Test
  void utf16IsMalformed() {
    assertEquals(Code.MALFORMED, problem("{\"topic\":\"a\",\"data\":1}".getBytes(UTF_16BE)).code());
  }

  private static byte[] insert(String event, byte[] bytes) {
    String latin = new String(utf8(event), ISO_8859_1);
    int at = latin.indexOf("Â§");
    byte[] out =
        Arrays.copyOf(
            latin.substring(0, at).getBytes(ISO_8859_1), latin.length() - 2 + bytes.length);
    System.arraycopy(bytes, 0, out, at, bytes.length);
    byte[] rest = latin.substring(at + 2).getBytes(ISO_8859_1);
    System.arraycopy(rest, 0, out, at + bytes.length, rest.length);
    return out;
  }
}
