package io.edgepush.service.websocket;

import static io.edgepush.service.input.ClientFrame.BINARY;
import static io.edgepush.service.input.ClientFrame.CONTINUATION;
import static io.edgepush.service.input.ClientFrame.FIN;
import static io.edgepush.service.input.ClientFrame.PING;
import static io.edgepush.service.input.ClientFrame.TEXT;
import static io.edgepush.service.input.ClientFrame.join;
import static io.edgepush.service.input.ClientFrame.of;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgepush.wire.CloseReason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed messages, RFC 7692; first the examples of its §7.2.3. */
final class CompressedFrameTest {
  private static final int LIMIT = 128 * 1024;
  private static final int RSV1 = 0x40;
  private static final List<String> HELLO = List.of("text Hello");

  private static List<String> parsed(byte[]... frames) {
    return ParsedFrames.of(LIMIT, true, List.of(join(frames)));
  }

  private static byte[] hex(String digits) {
    return HexFormat.ofDelimiter(" ").parseHex(digits);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f2 48 cd c9 c9 07 00",
        "00 05 00 fa ff 48 65 6c 6c 6f 00",
        "f3 48 cd c9 c9 07 00 00",
        "f2 48 05 00 00 00 ff ff ca c9 c9 07 00"
      })
  void theExamplesOfTheStandardAreRead(String payload) {
    assertEquals(HELLO, parsed(of(FIN | RSV1 | TEXT, hex(payload))));
  }

  @Test
  void aMessageIsCompressedAsAWholeAndThenFragmented() {
    byte[] first = of(RSV1 | TEXT, hex("f2 48 cd"));
    byte[] second = of(FIN | CONTINUATION, hex("c9 c9 07 00"));

    assertEquals(HELLO, parsed(first, second));
    assertEquals(
        List.of("PING p", "text Hello"), parsed(first, of(FIN | PING, (byte) 'p'), second));
  }

  @Test
  void anEmptyMessageAndOneThatIsNotCompressedAreRead() {
    assertEquals(List.of("text "), parsed(of(FIN | RSV1 | TEXT, hex("00"))));
    assertEquals(
        List.of("text Hello"), parsed(of(FIN | TEXT, "Hello".getBytes(StandardCharsets.US_ASCII))));
  }

  @Test
  void theBitIsForTheFirstFragmentOfAMessageOnly() {
    List<String> refused = List.of("violation " + CloseReason.BAD_FRAME);
    assertEquals(refused, parsed(of(FIN | RSV1 | PING)));
    assertEquals(refused, parsed(of(TEXT), of(FIN | RSV1 | CONTINUATION)));
    assertEquals(refused, parsed(of(FIN | 0x20 | TEXT)));
    assertEquals(refused, ParsedFrames.of(LIMIT, false, List.of(of(FIN | RSV1 | TEXT, hex("00")))));
  }

  @Test
  void dataThatIsNotCompressedDataIsRefused() {
    assertEquals(
        List.of("violation " + CloseReason.BAD_FRAME),
        parsed(of(FIN | RSV1 | TEXT, hex("ff ff ff ff"))));
  }

  @Test
  void textIsCheckedOnceItIsDecompressed() {
    assertEquals(
        List.of("violation " + CloseReason.BAD_UTF8),
        parsed(of(FIN | RSV1 | TEXT, deflated(new byte[] {'a', (byte) 0xff}))));
  }

  @Test
  void theLimitHoldsForWhatABombBecomes() {
    byte[] fits = "x".repeat(LIMIT).getBytes(StandardCharsets.US_ASCII);
    byte[] bomb = deflated(new byte[100 * LIMIT]);
    assertEquals(1, parsed(of(FIN | RSV1 | TEXT, deflated(fits))).size());
    assertEquals(
        List.of("violation " + CloseReason.MESSAGE_TOO_BIG),
        parsed(of(FIN | RSV1 | BINARY, deflated(new byte[LIMIT + 1]))));
    assertEquals(
        List.of("violation " + CloseReason.MESSAGE_TOO_BIG), parsed(of(FIN | RSV1 | BINARY, bomb)));
  }

  private static byte[] deflated(byte[] data) {
    Deflater deflater = new Deflater(9, true);
    try {
      deflater.setInput(data);
      byte[] out = new byte[data.length + 64];
      int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
      return Arrays.copyOf(out, length - 4);
    } finally {
      deflater.end();
    }
  }
}
