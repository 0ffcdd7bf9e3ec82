package io.edgepush.service.input;

import static io.edgepush.service.input.ClientFrame.BINARY;
import static io.edgepush.service.input.ClientFrame.CLOSE;
import static io.edgepush.service.input.ClientFrame.CONTINUATION;
import static io.edgepush.service.input.ClientFrame.FIN;
import static io.edgepush.service.input.ClientFrame.PING;
import static io.edgepush.service.input.ClientFrame.PONG;
import static io.edgepush.service.input.ClientFrame.TEXT;
import static io.edgepush.service.input.ClientFrame.join;
import static io.edgepush.service.input.ClientFrame.of;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgepush.service.input.RawWebSocket.ServerFrame;
import io.edgepush.wire.CloseReason;
import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BadFrameTest extends BadInput {
  private static final byte[] X = {'x'};
  private static final int LIMIT = 128 * 1024;

  /**
   * Frames, and what closes the connection for them.
   *
   * @param name what is wrong with them
   * @param frames as they stand on the wire
   * @param reason why it is closed
   */
  record Violation(String name, byte[] frames, CloseReason reason) {
    @Override
    public String toString() {
      return name + ": " + reason.code();
    }
  }

  static Stream<Violation> framing() {
    return Stream.of(
        bad("a frame without mask", ClientFrame.unmasked(FIN | TEXT, X)),
        bad("the first reserved bit", of(FIN | 0x40 | TEXT, X)),
        bad("the second reserved bit", of(FIN | 0x20 | TEXT, X)),
        bad("the third reserved bit", of(FIN | 0x10 | TEXT, X)),
        bad("a reserved bit in a continuation", join(of(TEXT, X), of(FIN | 0x40, X))),
        bad("reserved opcode 3", of(FIN | 3, X)),
        bad("reserved opcode 7", of(FIN | 7, X)),
        bad("reserved opcode 11", of(FIN | 11)),
        bad("reserved opcode 15", of(FIN | 15)),
        bad("a ping in fragments", of(PING, X)),
        bad("a close in fragments", of(CLOSE, (byte) 3, (byte) 0xe8)),
        bad("a ping of 126 bytes", of(FIN | PING, new byte[126])),
        bad("a pong of 126 bytes", of(FIN | PONG, new byte[126])),
        bad("a ping of 64 KiB", of(FIN | PING, new byte[65_536])),
        bad("two bytes of length for 125", of(FIN | TEXT, 2, 125, new byte[125])),
        bad("eight bytes of length for 1", of(FIN | TEXT, 8, 1, X)),
        bad("eight bytes of length for 65,535", of(FIN | TEXT, 8, 65_535)),
        bad("a negative length", of(FIN | TEXT, 8, -1)),
        bad("a continuation of nothing", of(FIN | CONTINUATION, X)),
        bad("a continuation after the end", join(ClientFrame.text("{}"), of(CONTINUATION, X))),
        bad("a text inside a text", join(of(TEXT, X), of(FIN | TEXT, X))),
        bad("a binary inside a text", join(of(TEXT, X), of(BINARY, X))));
  }

  static Stream<Violation> closes() {
    Stream<Violation> codes =
        IntStream.of(0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535)
            .mapToObj(code -> bad("close code " + code, ClientFrame.close(code)));
    return Stream.concat(
        codes,
        Stream.of(
            bad("a close of one byte", of(FIN | CLOSE, (byte) 3)),
            bad("a close of 126 bytes", of(FIN | CLOSE, new byte[126])),
            notUtf8("a reason that is not UTF-8", ClientFrame.close(1000, (byte) 0xff)),
            notUtf8("a reason cut inside a character", ClientFrame.close(1000, (byte) 0xc3))));
  }

  static Stream<Violation> text() {
    return Stream.of(
        notUtf8("a stray continuation byte", of(FIN | TEXT, bytes(0x22, 0x80, 0x22))),
        notUtf8("a byte that UTF-8 never has", of(FIN | TEXT, bytes(0xff))),
        notUtf8("an overlong slash", of(FIN | TEXT, bytes(0xc0, 0xaf))),
        notUtf8("an overlong three-byte form", of(FIN | TEXT, bytes(0xe0, 0x9f, 0xbf))),
        notUtf8("a surrogate", of(FIN | TEXT, bytes(0xed, 0xa0, 0x80))),
        notUtf8("beyond U+10FFFF", of(FIN | TEXT, bytes(0xf4, 0x90, 0x80, 0x80))),
        notUtf8("a character cut by the end", of(FIN | TEXT, bytes(0x22, 0xe2, 0x82))),
        notUtf8(
            "a character cut by another fragment", join(of(TEXT, bytes(0xe2, 0x82)), of(FIN, X))),
        notUtf8("a fragment whose message does not end", of(TEXT, bytes(0x22, 0xff))),
        notUtf8(
            "the begin of a frame that does not end", of(FIN | TEXT, 2, 1000, bytes(0x22, 0xff))));
  }

  static Stream<Violation> sizes() {
    return Stream.of(
        new Violation(
            "a message one byte too long",
            of(FIN | TEXT, 8, LIMIT + 1),
            CloseReason.MESSAGE_TOO_BIG),
        new Violation(
            "a message of 2^62 bytes", of(FIN | TEXT, 8, 1L << 62), CloseReason.MESSAGE_TOO_BIG),
        new Violation(
            "fragments one byte too long",
            join(
                of(TEXT, " ".repeat(LIMIT).getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
                of(FIN | CONTINUATION, X)),
            CloseReason.MESSAGE_TOO_BIG),
        new Violation("a binary message", of(FIN | BINARY, X), CloseReason.BINARY_NOT_ACCEPTED),
        new Violation("an empty binary message", of(FIN | BINARY), CloseReason.BINARY_NOT_ACCEPTED),
        new Violation(
            "a binary message in fragments",
            join(of(BINARY, X), of(FIN, X)),
            CloseReason.BINARY_NOT_ACCEPTED));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"framing", "closes", "text", "sizes"})
  void closesTheConnection(Violation violation) throws IOException {
    try (RawWebSocket socket = new RawWebSocket(node().port(), "?topic=a")) {
      socket.next("subscribed");
      socket.send(violation.frames());
      ServerFrame last = socket.closed();
      assertAll(
          () -> assertEquals(FIN | CLOSE, last.first()),
          () -> assertEquals(violation.reason().code(), last.closeCode()),
          () -> assertEquals(violation.reason().slug(), last.closeReason()));
    }
  }

  private static Violation bad(String name, byte[] frames) {
    return new Violation(name, frames, CloseReason.BAD_FRAME);
  }

  private static Violation notUtf8(String name, byte[] frames) {
    return new Violation(name, frames, CloseReason.BAD_UTF8);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
