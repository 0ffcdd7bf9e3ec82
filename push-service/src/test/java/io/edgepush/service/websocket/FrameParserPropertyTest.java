package io.edgepush.service.websocket;

import static io.edgepush.service.input.ClientFrame.BINARY;
import static io.edgepush.service.input.ClientFrame.CLOSE;
import static io.edgepush.service.input.ClientFrame.CONTINUATION;
import static io.edgepush.service.input.ClientFrame.FIN;
import static io.edgepush.service.input.ClientFrame.TEXT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.ClientFrame;
import io.helidon.websocket.WsOpCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class FrameParserPropertyTest {
  private static final int LIMIT = 200_000;

  /**
   * Something a client may send, with what the parser is to say of it.
   *
   * @param opCode text, binary or a control frame
   * @param payload all of it
   * @param cuts where a message is cut into fragments
   * @param pingBetween whether a ping stands between the fragments
   */
  record Sent(int opCode, byte[] payload, List<Double> cuts, boolean pingBetween) {
    boolean control() {
      return opCode >= CLOSE;
    }

    void write(ByteArrayOutputStream out, List<String> expected) {
      int[] ends = control() ? new int[] {payload.length} : ends();
      int from = 0;
      for (int i = 0; i < ends.length; i++) {
        boolean last = i == ends.length - 1;
        int first = (last ? FIN : 0) | (i == 0 ? opCode : CONTINUATION);
        out.writeBytes(ClientFrame.of(first, Arrays.copyOfRange(payload, from, ends[i])));
        from = ends[i];
        if (!last && pingBetween) {
          out.writeBytes(ClientFrame.of(FIN | ClientFrame.PING, (byte) 'p'));
          expected.add("PING p");
        }
      }
      expected.add(
          control()
              ? ParsedFrames.control(WsOpCode.get(opCode), payload)
              : ParsedFrames.message(opCode == TEXT, payload));
    }

    private int[] ends() {
      List<Integer> ends =
          new ArrayList<>(cuts.stream().map(c -> (int) (c * payload.length)).sorted().toList());
      ends.add(payload.length);
      return ends.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  @Provide
  Arbitrary<Sent> sent() {
    Arbitrary<byte[]> shortText =
        Arbitraries.strings().ofMaxLength(60).map(FrameParserPropertyTest::utf8);
    Arbitrary<byte[]> longText =
        Arbitraries.of(60, 125, 126, 1000, 65_535, 65_536, 70_000)
            .map(n -> utf8("é€😀x".repeat(n / 10 + 1)));
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(125);
    Arbitrary<List<Double>> cuts = Arbitraries.doubles().between(0, 1).list().ofMaxSize(4);
    Arbitrary<Boolean> ping = Arbitraries.of(true, false);
    return Arbitraries.oneOf(
        Combinators.combine(
                Arbitraries.just(TEXT), Arbitraries.oneOf(shortText, longText), cuts, ping)
            .as(Sent::new),
        Combinators.combine(Arbitraries.just(BINARY), bytes, cuts, ping).as(Sent::new),
        Combinators.combine(Arbitraries.of(ClientFrame.PING, ClientFrame.PONG), bytes, cuts, ping)
            .as(Sent::new));
  }

  @Property(tries = 300)
  void whatIsSentIsParsedHoweverTheBytesAreSplit(
      @ForAll @Size(max = 6) List<@From("sent") Sent> all, @ForAll Random random) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<String> expected = new ArrayList<>();
    all.forEach(sent -> sent.write(bytes, expected));
    assertEquals(expected, ParsedFrames.of(LIMIT, split(bytes.toByteArray(), random)));
  }

  @Property(tries = 2000)
  void anySplitOfAnyBytesGivesTheSame(@ForAll byte[] bytes, @ForAll Random random) {
    List<String> atOnce = ParsedFrames.of(LIMIT, List.of(bytes));
    assertEquals(atOnce, ParsedFrames.of(LIMIT, split(bytes, random)));
    assertEquals(atOnce, ParsedFrames.of(LIMIT, singly(bytes)));
  }

  /**
   * Frames whose headers and payloads are nearly right, so that more than the first two bytes are
   * looked at.
   */
  @Property(tries = 2000)
  void damagedFramesNeverThrowAndEndWithOneViolationAtMost(
      @ForAll @Size(max = 6) List<@From("sent") Sent> all, @ForAll Random random) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    all.stream()
        .filter(s -> s.payload().length < 2000)
        .forEach(sent -> sent.write(whole, new ArrayList<>()));
    byte[] bytes = whole.toByteArray();
    for (int i = 0; i < 1 + bytes.length / 50 && bytes.length > 0; i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    List<String> parsed = ParsedFrames.of(LIMIT, split(bytes, random));
    assertEquals(parsed, ParsedFrames.of(LIMIT, List.of(bytes)));
    List<String> butLast = parsed.isEmpty() ? parsed : parsed.subList(0, parsed.size() - 1);
    assertTrue(butLast.stream().noneMatch(line -> line.startsWith("violation")), parsed::toString);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<byte[]> singly(byte[] bytes) {
    List<byte[]> pieces = new ArrayList<>();
    for (byte b : bytes) {
      pieces.add(new byte[] {b});
    }
    return pieces;
  }

  private static List<byte[]> split(byte[] bytes, Random random) {
    int longest = 1 + random.nextInt(1 + Math.min(bytes.length, 70_000));
    List<byte[]> pieces = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      int next = Math.min(bytes.length, at + random.nextInt(longest + 1));
      pieces.add(Arrays.copyOfRange(bytes, at, next));
      at = next;
    }
    return pieces;
  }
}
