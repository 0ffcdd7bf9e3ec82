package io.edgepush.service.redis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.edgepush.model.Content;
import io.edgepush.model.Position;
import io.edgepush.model.Reach;
import io.edgepush.model.Topic;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The bytes of events and messages in Redis, which nodes of different versions share. */
final class EventBodyTest {
  @Property(tries = 500)
  void whatIsEncodedIsDecoded(@ForAll("contents") Content content) {
    assertContent(content, EventBody.decode(EventBody.encode(content), 0).orElseThrow());
  }

  @Property(tries = 500)
  void anyBytesAreDecodedOrRefused(@ForAll @Size(max = 60) byte[] bytes) {
    EventBody.decode(bytes, 0);
    byte[] current = bytes.clone();
    if (current.length > 0) {
      current[0] = 1;
    }
    EventBody.decode(current, 0).ifPresent(content -> EventBody.encode(content));
  }

  @Property(tries = 200)
  void aBodyThatWasCutIsRefusedOrShorter(@ForAll("contents") Content content, @ForAll int at) {
    byte[] body = EventBody.encode(content);
    byte[] cut = Arrays.copyOf(body, Math.floorMod(at, body.length));
    EventBody.decode(cut, 0)
        .ifPresent(decoded -> assertEquals(true, EventBody.encode(decoded).length <= cut.length));
  }

  @Provide
  Arbitrary<Content> contents() {
    Arbitrary<String> names =
        Arbitraries.strings().withCharRange('!', '~').withChars('é', 'ж').ofMaxLength(200);
    Arbitrary<byte[]> data = Arbitraries.bytes().array(byte[].class).ofMaxSize(20_000);
    Arbitrary<Reach> reach =
        Arbitraries.of(
            Reach.EVERYBODY,
            new Reach("s", "", "", 0),
            new Reach("", "жа", "", 1_763_800_000_000L),
            new Reach("", "", "x", 0));
    return Combinators.combine(names, names, Arbitraries.of(Content.Encoding.class), data, reach)
        .as(Content::new);
  }

  @Test
  void theBytesStayTheSameFromVersionToVersion() {
    Content content = new Content("t", "k", Content.Encoding.BINARY, new byte[] {9, 8});

    assertEquals(
        "0101017402016b0300" + "04020908", HexFormat.of().formatHex(EventBody.encode(content)));
    assertEquals("01", HexFormat.of().formatHex(EventBody.encode(Content.json(new byte[0]))));
  }

  @Test
  void lengthsTakeAsManyBytesAsTheyNeed() {
    for (int length : List.of(0, 1, 127, 128, 16_383, 16_384, Content.MAX_DATA_BYTES)) {
      Content content = Content.json(new byte[length]);
      assertContent(content, EventBody.decode(EventBody.encode(content), 0).orElseThrow());
    }
  }

  @Test
  void partsThatAreNotKnownAreSkipped() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(HexFormat.of().parseHex("01" + "7f03aabbcc" + "0401" + "31" + "6000"));

    assertContent(
        Content.json(new byte[] {'1'}), EventBody.decode(body.toByteArray(), 0).orElseThrow());
  }

  @Test
  void aLaterVersionIsNotUnderstood() {
    assertEquals(Optional.empty(), EventBody.decode(new byte[] {2, 4, 1, '1'}, 0));
    assertEquals(Optional.empty(), EventBody.decode(new byte[0], 0));
  }

  @Test
  void aMessageIsPositionPredecessorAndBody() {
    byte[] body = EventBody.encode(Content.json(new byte[] {' ', '1'}));
    Position position = new Position("k3F", 1_763_800_000_000L, 3);
    Payload payload = Payload.parse(SimulatedStore.message(position, position.before(), body));

    assertEquals(position, payload.position());
    assertEquals(position.before(), payload.prev());
    assertArrayEquals(
        new byte[] {' ', '1'}, payload.event(7, new Topic("a")).orElseThrow().content().data());
    assertEquals(7, payload.event(7, new Topic("a")).orElseThrow().id().partition());
    assertThrows(
        IllegalArgumentException.class,
        () -> Payload.parse("k3F 1-1 x".getBytes(StandardCharsets.US_ASCII)));
  }

  private static void assertContent(Content expected, Content actual) {
    assertEquals(expected.type(), actual.type());
    assertEquals(expected.key(), actual.key());
    assertEquals(expected.encoding(), actual.encoding());
    assertEquals(expected.reach(), actual.reach());
    assertArrayEquals(expected.data(), actual.data());
  }
}
