package io.edgepush.service.websocket;

import static io.edgepush.service.input.ClientFrame.BINARY;
import static io.edgepush.service.input.ClientFrame.CLOSE;
import static io.edgepush.service.input.ClientFrame.CONTINUATION;
import static io.edgepush.service.input.ClientFrame.FIN;
import static io.edgepush.service.input.ClientFrame.PING;
import static io.edgepush.service.input.ClientFrame.TEXT;
import static io.edgepush.service.input.ClientFrame.close;
import static io.edgepush.service.input.ClientFrame.join;
import static io.edgepush.service.input.ClientFrame.of;
import static io.edgepush.service.input.ClientFrame.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgepush.wire.CloseReason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameParserTest {
  private static final int LIMIT = 70_000;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 4096, 65_535, 65_536, LIMIT})
  void aMessageOfAnySizeUpToTheLimitIsTaken(int size) {
    byte[] payload = "x".repeat(size).getBytes(StandardCharsets.US_ASCII);
    assertEquals(List.of(ParsedFrames.message(true, payload)), parsed(of(FIN | TEXT, payload)));
  }

  @Test
  void theLimitHoldsForAllFragmentsTogether() {
    byte[] half = new byte[LIMIT / 2];
    byte[] fits = join(of(BINARY, half), of(FIN | CONTINUATION, half));
    assertEquals(List.of(ParsedFrames.message(false, new byte[LIMIT])), parsed(fits));
    byte[] tooMuch =
        join(of(BINARY, half), of(CONTINUATION, half), of(FIN | CONTINUATION, new byte[1]));
    assertEquals(List.of("violation " + CloseReason.MESSAGE_TOO_BIG), parsed(tooMuch));
  }

  @Test
  void theLimitDoesNotHoldForControlFramesInsideAMessage() {
    byte[] frames =
        join(of(BINARY, new byte[LIMIT]), of(FIN | PING, new byte[125]), of(FIN | CONTINUATION));
    assertEquals(2, parsed(frames).size());
  }

  @Test
  void controlFramesComeBetweenFragmentsAndDoNotMixWithThem() {
    byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
    byte[] frames =
        join(
            of(TEXT, euro[0]),
            of(FIN | PING, (byte) 'p'),
            of(CONTINUATION, euro[1]),
            of(FIN | CONTINUATION, euro[2]));
    assertEquals(List.of("PING p", ParsedFrames.message(true, euro)), parsed(frames));
  }

  @Test
  void fragmentsMayBeEmpty() {
    byte[] frames =
        join(of(TEXT), of(CONTINUATION), of(CONTINUATION, (byte) 'x'), of(FIN | CONTINUATION));
    assertEquals(List.of("text x"), parsed(frames));
  }

  @Test
  void aMessageFollowsAMessage() {
    assertEquals(
        List.of("text a", "binary b", "text c"),
        parsed(join(text("a"), of(FIN | BINARY, (byte) 'b'), text("c"))));
  }

  @Test
  void nothingIsParsedBehindAClose() {
    assertEquals(1, parsed(join(close(1000), text("a"), of(FIN | 3))).size());
  }

  @Test
  void nothingIsParsedBehindAViolation() {
    List<String> parsed = parsed(join(text("a"), of(FIN | 3), text("b"), of(FIN | CLOSE)));
    assertEquals(List.of("text a", "violation " + CloseReason.BAD_FRAME), parsed);
  }

  @Test
  void badTextIsRefusedAtTheFirstByteThatCanNotBeRight() {
    byte[] begin = of(FIN | TEXT, 2, 60_000, (byte) 'a', (byte) 0xff);
    assertEquals(List.of("violation " + CloseReason.BAD_UTF8), parsed(begin));
  }

  @Test
  void aLengthOverTheLimitIsRefusedBeforeThePayloadComes() {
    byte[] head = of(FIN | TEXT, 8, LIMIT + 1);
    assertEquals(List.of("violation " + CloseReason.MESSAGE_TOO_BIG), parsed(head));
  }

  @Test
  void binaryIsNotLookedAtForText() {
    assertEquals(List.of("binary ÿ"), parsed(of(FIN | BINARY, (byte) 0xff)));
  }

  private static List<String> parsed(byte[] bytes) {
    return ParsedFrames.of(LIMIT, List.of(bytes));
  }
}
