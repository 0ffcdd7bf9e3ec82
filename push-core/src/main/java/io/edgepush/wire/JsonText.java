package io.edgepush.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.edgepush.model.Problem;
import io.edgepush.model.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON that strangers wrote, as bytes: strictly UTF-8, strictly RFC 8259, member names unique,
 * values copied verbatim.
 */
final class JsonText {
  /** How deep a value may be nested. */
  static final int MAX_DEPTH = 100;

  /**
   * The array and the object of an event lie around its data; one more level so that our own count
   * comes first.
   */
  private static final int PARSER_DEPTH = MAX_DEPTH + 3;

  private static final int MAX_DETAIL = 200;

  /**
   * The parser's own limits besides depth are off: the callers bound the bytes. So is its guess at
   * UTF-16 and UTF-32. The pool replaces one that keeps buffers per thread, which virtual threads
   * would never get back from.
   */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(PARSER_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonText() {}

  /**
   * Reads one value with a parser that stands at its first token. Its byte offsets count from the
   * text's begin.
   */
  @FunctionalInterface
  interface Reading<T> {
    /** Reads up to the last token of the value. */
    T read(JsonParser in) throws IOException;
  }

  /**
   * Reads part of an array as one JSON value.
   *
   * @throws ProblemException what {@code reading} throws, or says why the text is not one JSON
   *     value in UTF-8
   */
  static <T> T read(byte[] bytes, int from, int to, Reading<T> reading) {
    requireUtf8(bytes, from, to);
    JsonParser in = open(bytes, from, to);
    try (in) {
      if (in.nextToken() == null) {
        throw Problem.of(Problem.Code.MALFORMED, "a JSON value is expected, there is none")
            .exception();
      }
      T value = reading.read(in);
      if (in.nextToken() != null) {
        throw Problem.of(
                Problem.Code.MALFORMED, "one JSON value is expected, nothing may follow it")
            .exception();
      }
      return value;
    } catch (IOException e) {
      throw refusal(e, place(in.getParsingContext())).exception();
    }
  }

  private static JsonParser open(byte[] bytes, int from, int to) {
    try {
      return JSON.createParser(bytes, from, to - from);
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail to be read", e);
    }
  }

  /**
   * Refuses what is not UTF-8: stray and missing continuation bytes, overlong forms, surrogates,
   * beyond U+10FFFF.
   *
   * @throws ProblemException {@link Problem.Code#MALFORMED} that tells the position
   */
  static void requireUtf8(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && bytes[i] >= 0) {
      i++;
    }
    if (i < to) {
      decodeAll(ByteBuffer.wrap(bytes, i, to - i), from);
    }
  }

  private static void decodeAll(ByteBuffer in, int from) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer out = CharBuffer.allocate(Math.min(in.remaining(), 1024));
    CoderResult result;
    do {
      result = decoder.decode(in, out.clear(), true);
    } while (result.isOverflow());
    if (result.isError()) {
      throw Problem.of(
              Problem.Code.MALFORMED, "byte " + (in.position() - from + 1) + " is not UTF-8")
          .exception();
    }
  }

  /**
   * Moves the parser to the end of the value that it stands at.
   *
   * @return the offset behind the value
   * @throws StreamConstraintsException when the value is nested too deep
   */
  static int skipValue(JsonParser in) throws IOException {
    int depth = 0;
    JsonToken token = in.currentToken();
    while (token != null) {
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (depth > MAX_DEPTH) {
        throw new StreamConstraintsException("too deep");
      }
      if (depth == 0) {
        break;
      }
      token = in.nextToken();
    }
    in.finishToken();
    return (int) in.currentLocation().getByteOffset();
  }

  /** A copy of a value in which line breaks, which JSON has between tokens only, are spaces. */
  static byte[] copy(byte[] bytes, int from, int to) {
    int end = to;
    while (whiteSpace(bytes[end - 1])) {
      // The parser takes the character behind a number that is the whole text for a part of it.
      end--;
    }
    byte[] copy = Arrays.copyOfRange(bytes, from, end);
    for (int i = 0; i < copy.length; i++) {
      if (copy[i] == '\n' || copy[i] == '\r') {
        copy[i] = ' ';
      }
    }
    return copy;
  }

  private static boolean whiteSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private static Problem refusal(IOException fault, String field) {
    if (fault instanceof StreamConstraintsException) {
      return Problem.of(
          Problem.Code.INVALID_FIELD, field, "data is nested at most " + MAX_DEPTH + " deep");
    }
    if (!(fault instanceof JsonProcessingException e) || e.getLocation() == null) {
      return Problem.of(Problem.Code.MALFORMED, field, "not valid JSON");
    }
    String said = e.getOriginalMessage();
    int source = said.indexOf(" (start marker");
    return Problem.of(
        Problem.Code.MALFORMED,
        field,
        "not valid JSON at byte "
            + (e.getLocation().getByteOffset() + 1)
            + ": "
            + shortened(source < 0 ? said : said.substring(0, source), MAX_DETAIL));
  }

  /** Where the parser stands, such as {@code [3].data.total}. */
  private static String place(JsonStreamContext at) {
    StringBuilder place = new StringBuilder();
    for (JsonStreamContext c = at; c != null && !c.inRoot(); c = c.getParent()) {
      if (c.inArray()) {
        place.insert(0, "[" + c.getCurrentIndex() + "]");
      } else if (c.hasCurrentName()) {
        place.insert(0, "." + c.getCurrentName());
      }
    }
    return shortened(place.indexOf(".") == 0 ? place.substring(1) : place.toString(), MAX_DETAIL);
  }

  /** Text of a client, for its own eyes: the beginning is enough. */
  static String shortened(String text, int max) {
    return text.length() > max ? text.substring(0, max) + "…" : text;
  }
}
