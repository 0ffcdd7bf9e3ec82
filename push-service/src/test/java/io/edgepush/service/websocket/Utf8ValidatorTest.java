package io.edgepush.service.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8ValidatorTest {
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
  private final CharBuffer decoded = CharBuffer.allocate(1000);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void agreesWithTheJdkOnAllInputsOfThisLength(int length) {
    byte[] bytes = new byte[length];
    // Behind an ASCII character come the inputs that are a byte shorter, once more.
    int first = length < 3 ? 0 : 0x80;
    for (int value = first << 8 * (length - 1); value < 1 << 8 * length; value++) {
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) (value >> 8 * (length - 1 - i));
      }
      check(bytes);
    }
  }

  /** Four bytes with every first byte, and the edges of each of the others. */
  @Test
  void agreesWithTheJdkOnTheEdgesOfFourBytes() {
    int[] edges = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    for (int first = 0; first < 256; first++) {
      for (int second = 0; second < 256; second++) {
        for (int third : edges) {
          for (int fourth : edges) {
            byte[] bytes = {(byte) first, (byte) second, (byte) third, (byte) fourth};
            check(bytes);
          }
        }
      }
    }
  }

  @Provide
  Arbitrary<byte[]> nearlyText() {
    Arbitrary<byte[]> piece =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(4).map(s -> s.getBytes(StandardCharsets.UTF_8)),
            Arbitraries.bytes().array(byte[].class).ofMaxSize(2));
    return piece
        .list()
        .ofMaxSize(8)
        .map(pieces -> pieces.stream().reduce(new byte[0], Utf8ValidatorTest::join));
  }

  @Property(tries = 20_000)
  void agreesWithTheJdkOnRandomInputsInTwoParts(
      @ForAll("nearlyText") byte[] bytes, @ForAll double cut) {
    assertEquals(decodes(bytes), validInTwo(bytes, (int) (Math.abs(cut % 1) * bytes.length)));
  }

  private void check(byte[] bytes) {
    if (valid(bytes) != decodes(bytes)) {
      assertEquals(decodes(bytes), valid(bytes), HexFormat.of().formatHex(bytes));
    }
  }

  private static byte[] join(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static boolean valid(byte[] bytes) {
    Utf8Validator validator = new Utf8Validator();
    return validator.accepts(bytes, 0, bytes.length) && validator.complete();
  }

  private static boolean validInTwo(byte[] bytes, int cut) {
    Utf8Validator validator = new Utf8Validator();
    return validator.accepts(bytes, 0, cut)
        && validator.accepts(bytes, cut, bytes.length)
        && validator.complete();
  }

  private boolean decodes(byte[] bytes) {
    decoder.reset();
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), decoded.clear(), true);
    return !result.isError() && !decoder.flush(decoded).isError();
  }
}
