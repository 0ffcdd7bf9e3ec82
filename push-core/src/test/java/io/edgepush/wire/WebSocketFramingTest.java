package io.edgepush.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebSocketFramingTest {

  @ParameterizedTest
  @CsvSource({
    "0, 8100",
    "1, 8101",
    "125, 817d",
    "126, 817e007e",
    "65535, 817effff",
    "65536, 817f0000000000010000",
    "16777216, 817f0000000001000000",
  })
  void theLengthIsWrittenInTheShortestForm(int length, String head) {
    byte[] payload = new byte[length];
    Arrays.fill(payload, (byte) 'x');
    byte[] frame = WebSocketFraming.frame(WebSocketFraming.FIN_TEXT, payload);
    int size = head.length() / 2;
    assertEquals(head, HexFormat.of().formatHex(frame, 0, size));
    assertArrayEquals(payload, Arrays.copyOfRange(frame, size, frame.length));
  }

  @Test
  void thePartsOfAPayloadFollowEachOther() {
    byte[] frame =
        WebSocketFraming.frame(
            WebSocketFraming.FIN_BINARY, new byte[] {1}, new byte[0], new byte[] {2, 3});
    assertEquals("8203010203", HexFormat.of().formatHex(frame));
  }

  @Test
  void aCloseFrameHasTheCodeFirst() {
    assertEquals("88050fa0616263", HexFormat.of().formatHex(WebSocketFraming.close(4000, "abc")));
    assertEquals("880203e8", HexFormat.of().formatHex(WebSocketFraming.close(1000, "")));
  }
}
