package io.edgepush.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.model.Content;
import io.edgepush.model.Cursor;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Problem;
import io.edgepush.model.Publication;
import io.edgepush.model.Topic;
import io.edgepush.wire.ServerMessage.Refused;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WireFormatTest {
  private static final EventId ID = EventId.parse("3:k3Fz8Q:1763800000000-3");

  @Provide
  Arbitrary<Event> events() {
    Arbitrary<String> names =
        Arbitraries.strings()
            .withChars("aé€\"\\ /")
            .ofMaxLength(20)
            .edgeCases(config -> config.add("😀"));
    Arbitrary<byte[]> text =
        Arbitraries.strings()
            .ofMaxLength(40)
            .map(
                s ->
                    PublicationReader.quoteText(
                        new String(s.getBytes(UTF_8), UTF_8).getBytes(UTF_8)));
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
    Arbitrary<Content> contents =
        Arbitraries.oneOf(
            Combinators.combine(names, names, text)
                .as((type, key, data) -> new Content(type, key, Content.Encoding.JSON, data)),
            Combinators.combine(names, names, bytes)
                .as((type, key, data) -> new Content(type, key, Content.Encoding.BINARY, data)));
    return contents.map(c -> new Event(ID, ID.position().before(), new Topic("a:b/c.d"), c));
  }

  @Property
  void anEventObjectIsReadBackAsItWasPublished(@ForAll("events") Event event) {
    byte[] json = EventJson.encode(event);
    Publication read = PublicationReader.readEvent(json, 0, json.length);
    assertEquals(ID.toString(), read.idempotencyKey(), "its id");
    assertEquals(event.topic(), read.topic());
    assertEquals(event.content().type(), read.content().type());
    assertEquals(event.content().key(), read.content().key());
    assertEquals(event.content().encoding(), read.content().encoding());
    assertArrayEquals(event.content().data(), read.content().data());
  }

  @Property
  void onAnEventStreamAnEventIsAnIdAndOneLineOfData(@ForAll("events") Event event) {
    String chunk = text(WireFormat.SSE.encode(event));
    assertEquals("id: " + ID + "\ndata: " + text(EventJson.encode(event)) + "\n\n", chunk);
    assertEquals(3, chunk.chars().filter(c -> c == '\n' || c == '\r').count());
  }

  @Property
  void onAWebSocketAnEventIsOneTextFrameOfExactlyItsLength(@ForAll("events") Event event) {
    byte[] frame = WireFormat.WEBSOCKET_JSON.encode(event).bytes();
    String payload = "{\"type\":\"event\",\"event\":" + text(EventJson.encode(event)) + "}";
    assertArrayEquals(
        WebSocketFraming.frame(WebSocketFraming.FIN_TEXT, payload.getBytes(UTF_8)), frame);
  }

  @Test
  void aSubscriberOfSeveralPartitionsGetsItsOwnCursorAsId() {
    Event event = event("1");
    Cursor cursor = Cursor.parse("1:a:5-0,3:k3Fz8Q:1763800000000-3");
    assertTrue(text(WireFormat.SSE.encode(event, cursor)).startsWith("id: " + cursor + "\ndata: "));
    assertEquals(
        text(WireFormat.WEBSOCKET_JSON.encode(event)),
        text(WireFormat.WEBSOCKET_JSON.encode(event, cursor)));
  }

  @Test
  void aHeartbeatOnAWebSocketHasAPingBehindIt() {
    byte[] frame =
        WireFormat.WEBSOCKET_JSON.encode(new ServerMessage.Heartbeat(Cursor.EMPTY)).bytes();
    assertEquals((byte) WebSocketFraming.FIN_PING, frame[frame.length - 2]);
    assertEquals(0, frame[frame.length - 1]);
  }

  @Test
  void onAnEventStreamOnlyWhatCarriesACursorHasAnId() {
    assertEquals(
        "event: reconnect\ndata: {\"type\":\"reconnect\",\"delayMs\":5,\"reason\":\"drain\"}\n\n",
        text(WireFormat.SSE.encode(new ServerMessage.Reconnect(5, CloseReason.DRAIN))));
    assertEquals(
        ": heartbeat\n\n", text(WireFormat.SSE.encode(new ServerMessage.Heartbeat(Cursor.EMPTY))));
  }

  @ParameterizedTest
  @EnumSource(CloseReason.class)
  void aCloseFrameSaysCodeAndName(CloseReason reason) {
    byte[] frame = WireFormat.WEBSOCKET_JSON.closing(reason).orElseThrow().bytes();
    assertEquals(reason.code(), (frame[2] & 0xff) << 8 | frame[3] & 0xff);
    assertEquals(reason.slug(), new String(frame, 4, frame.length - 4, UTF_8));
    assertTrue(frame.length <= 2 + 125, "a control frame has 125 bytes at most");
  }

  @Test
  void anEventStreamSaysWhyItEndsUnlessTheClientIsToComeBackAnyway() {
    assertEquals(Optional.empty(), WireFormat.SSE.closing(CloseReason.DRAIN));
    assertTrue(
        text(WireFormat.SSE.closing(CloseReason.FORBIDDEN).orElseThrow())
            .contains("\"close\":4003"));
  }

  @Property(tries = 300)
  void whateverAClientWroteIntoAProblemTheAnswerIsJson(
      @ForAll String detail, @ForAll String field) {
    Problem problem = new Problem(Problem.Code.MALFORMED, detail, field, 0);
    byte[] json = ProblemJson.encode(problem);
    assertEquals('{', PublicationReader.readData(json)[0]);
    String chunk = text(WireFormat.SSE.encode(new Refused(1, problem, "")));
    assertEquals(3, chunk.chars().filter(c -> c == '\n' || c == '\r').count(), chunk);
  }

  @Test
  void halfAPairBecomesAQuestionMark() {
    byte[] json = ProblemJson.encode(Problem.of(Problem.Code.MALFORMED, "a\ud83d", "b"));
    assertTrue(text(json).contains("\"a?\""), text(json));
  }

  private static Event event(String data) {
    return new Event(
        ID, ID.position().before(), new Topic("a"), Content.json(data.getBytes(UTF_8)));
  }

  private static String text(Frame frame) {
    return text(frame.bytes());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
