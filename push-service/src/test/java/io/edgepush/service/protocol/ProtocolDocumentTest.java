package io.edgepush.service.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgepush.model.Cursor;
import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.protocol.EventStreamParser.Dispatched;
import io.edgepush.service.protocol.ProtocolDocument.Block;
import io.edgepush.wire.ClientMessage;
import io.edgepush.wire.ClientMessageReader;
import io.edgepush.wire.EventJson;
import io.edgepush.wire.ServerMessage;
import io.edgepush.wire.WireFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProtocolDocumentTest {
  private static final Set<String> KINDS =
      Set.of(
          "json event",
          "json client",
          "json server",
          "json poll",
          "json auth",
          "json negotiate",
          "json problem",
          "sse",
          "ws");

  static Stream<Block> events() {
    return ProtocolDocument.blocks("json event").stream();
  }

  static Stream<Block> polls() {
    return ProtocolDocument.blocks("json poll").stream();
  }

  /** Messages of clients, those of the sequences among them. */
  static Stream<Block> clientMessages() {
    return Stream.concat(ProtocolDocument.blocks("json client").stream(), sequenceLines("> "));
  }

  /** Messages of the service, those of the sequences among them. */
  static Stream<Block> serverMessages() {
    return Stream.concat(ProtocolDocument.blocks("json server").stream(), sequenceLines("< "));
  }

  private static Stream<Block> sequenceLines(String direction) {
    return ProtocolDocument.blocks("ws").stream()
        .flatMap(
            block ->
                block
                    .text()
                    .lines()
                    .filter(line -> line.startsWith(direction))
                    .map(line -> new Block(block.kind(), line.substring(2) + "\n", block.line())));
  }

  @Test
  void everyBlockIsOfAKnownKind() {
    for (Block block : ProtocolDocument.blocks()) {
      assertTrue(KINDS.contains(block.kind()), block::toString);
    }
  }

  @Test
  void everyLineOfASequenceHasADirection() {
    for (Block block : ProtocolDocument.blocks("ws")) {
      assertTrue(
          block.text().lines().allMatch(l -> l.startsWith("> {") || l.startsWith("< {")),
          block::toString);
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventIsReadAndWrittenAsItStands(Block block) {
    String text = block.single();
    assertEquals(text, new String(EventJson.encode(ServerMessageReader.event(text)), UTF_8));
  }

  @ParameterizedTest
  @MethodSource("clientMessages")
  void aClientsMessageIsRead(Block block) {
    JsonNode written = HttpAnswer.read(block.single());
    ClientMessage read = new ClientMessageReader(block.single().getBytes(UTF_8)).read();
    assertEquals(written.path("type").asText(), name(read.getClass()));
    assertEquals(written.path("ref").asLong(ServerMessage.NO_REF), read.ref());
  }

  @ParameterizedTest
  @MethodSource("serverMessages")
  void aServersMessageIsWrittenAsItStands(Block block) {
    String text = block.single();
    byte[] frame = ServerMessageReader.encoded(text, WireFormat.WEBSOCKET_JSON).bytes();
    assertTrue(text.length() < 65_536, "four bytes of header at most");
    int head = text.length() < 126 ? 2 : 4;
    // a ping follows a heartbeat
    assertEquals(
        text, new String(frame, head, Math.min(text.length(), frame.length - head), UTF_8));
  }

  @Test
  void thereIsAnExampleOfEveryMessage() {
    assertEquals(names(ClientMessage.class), types(ProtocolDocument.blocks("json client")));
    Set<String> said = names(ServerMessage.class);
    said.removeAll(Set.of("publishack", "refused", "closing")); // ack, and error twice
    said.remove("tokenexpiring");
    said.addAll(Set.of("error", "event", "token-expiring"));
    assertEquals(said, types(ProtocolDocument.blocks("json server")));
  }

  @ParameterizedTest
  @MethodSource("polls")
  void aPollsAnswerIsWrittenAsItStands(Block block) {
    JsonNode answer = HttpAnswer.read(block.single());
    List<String> events = new ArrayList<>();
    answer
        .path("events")
        .forEach(
            e ->
                events.add(
                    text(WireFormat.POLL.encode(ServerMessageReader.event(e.toString())).bytes())));
    List<String> gaps = new ArrayList<>();
    answer.path("gaps").forEach(g -> gaps.add(text(EventJson.encode(ServerMessageReader.gap(g)))));
    String cursor = Cursor.parse(answer.path("cursor").asText()).toString();
    assertEquals(
        block.single(),
        "{\"cursor\":\""
            + cursor
            + "\",\"events\":["
            + String.join(",", events)
            + "],\"gaps\":["
            + String.join(",", gaps)
            + "]}");
  }

  @Test
  void anEventSourceUnderstandsTheStream() {
    for (Block block : ProtocolDocument.blocks("sse")) {
      EventStreamParser stream = new EventStreamParser(block.text());
      assertEquals(2000, stream.retryMs());
      assertEquals(
          List.of("welcome", "message", "subscribed"),
          stream.dispatched().stream().map(Dispatched::type).toList());
      for (Dispatched event : stream.dispatched()) {
        JsonNode data = HttpAnswer.read(event.data());
        assertEquals(data.path(data.has("cursor") ? "cursor" : "id").asText(), event.lastEventId());
      }
      assertEquals(
          "0:k3Fz8Q:1763800000009-0",
          stream.lastEventId(),
          "the heartbeat's, that the page is not told");
    }
  }

  @Test
  void theStreamIsWrittenAsItStands() {
    for (Block block : ProtocolDocument.blocks("sse")) {
      EventStreamParser stream = new EventStreamParser(block.text());
      StringBuilder written = new StringBuilder();
      for (Dispatched event : stream.dispatched()) {
        String json =
            event.type().equals("message")
                ? "{\"type\":\"event\",\"event\":" + event.data() + "}"
                : event.data();
        written.append(text(ServerMessageReader.encoded(json, WireFormat.SSE).bytes()));
      }
      ServerMessage heartbeat = new ServerMessage.Heartbeat(Cursor.parse(stream.lastEventId()));
      assertEquals(block.text(), written + text(WireFormat.SSE.encode(heartbeat).bytes()));
    }
  }

  private static Set<String> types(List<Block> blocks) {
    Set<String> types = new TreeSet<>();
    blocks.forEach(b -> types.add(HttpAnswer.read(b.single()).path("type").asText()));
    return types;
  }

  private static Set<String> names(Class<?> sealed) {
    return new TreeSet<>(
        Arrays.stream(sealed.getPermittedSubclasses()).map(ProtocolDocumentTest::name).toList());
  }

  private static String name(Class<?> message) {
    return message.getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
