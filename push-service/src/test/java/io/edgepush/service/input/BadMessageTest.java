package io.edgepush.service.input;

import static io.edgepush.service.input.BadMessageTest.Refused.message;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgepush.model.Content;
import io.edgepush.service.input.RawWebSocket.ServerFrame;
import io.edgepush.wire.CloseReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BadMessageTest extends BadInput {

  /**
   * A message, and the error that answers it.
   *
   * @param name what is wrong with it
   * @param text the message
   * @param code the error's code
   * @param field the error's field; empty when it has none
   */
  record Refused(String name, String text, String code, String field) {
    static Refused message(String name, String text, String code, String field) {
      return new Refused(name, text.replace('\'', '"'), code, field);
    }

    @Override
    public String toString() {
      return name + ": " + code + (field.isEmpty() ? "" : " at " + field);
    }
  }

  static Stream<Refused> json() {
    return Stream.of(
        message("nothing", "", "malformed", ""),
        message("white space", " \\n ".translateEscapes(), "malformed", ""),
        message("an array", "[]", "malformed", ""),
        message("a string", "'ping'", "malformed", ""),
        message("no quotes", "{type:'ping'}", "malformed", ""),
        message("truncated", "{'type':'ping'", "malformed", "type"),
        message("two messages", "{'type':'ping'}{'type':'ping'}", "malformed", ""),
        message("a comma too many", "{'type':'ping',}", "malformed", "type"),
        message("a comment", "{'type':'ping'/**/}", "malformed", "type"),
        message("a member twice", "{'type':'ping','type':'ping'}", "malformed", "type"),
        message("UTF-16", utf16("{'type':'ping'}"), "malformed", ""),
        message("a byte order mark", "\ufeff{'type':'ping'}", "malformed", ""),
        message(
            "nested too deep",
            "{'type':'publish','event':{'data':" + "[".repeat(200),
            "invalid-field",
            "event.data" + "[0]".repeat(63) + "[…"));
  }

  static Stream<Refused> members() {
    return Stream.of(
        message("no type", "{}", "invalid-field", "type"),
        message("an unknown type", "{'type':'shout'}", "invalid-field", "type"),
        message("a type in capitals", "{'type':'PING'}", "invalid-field", "type"),
        message("a server's type", "{'type':'welcome'}", "invalid-field", "type"),
        message("a type that is null", "{'type':null}", "invalid-field", "type"),
        message("an unknown member", "{'type':'ping','x':1}", "unknown-field", "x"),
        message(
            "another message's member",
            "{'type':'ping','topics':['a']}",
            "unknown-field",
            "topics"),
        message(
            "a long unknown name",
            "{'" + "x".repeat(99) + "':1}",
            "unknown-field",
            "x".repeat(40) + "…"),
        message(
            "a name cut inside a pair",
            "{'" + "x".repeat(39) + "😀':1}",
            "unknown-field",
            "x".repeat(39) + "?…"),
        message("a ref that is text", "{'type':'ping','ref':'1'}", "invalid-field", "ref"),
        message("a ref with a fraction", "{'type':'ping','ref':1.0}", "invalid-field", "ref"),
        message("a ref below 0", "{'type':'ping','ref':-1}", "invalid-field", "ref"),
        message("a ref of 2^53", "{'type':'ping','ref':9007199254740992}", "invalid-field", "ref"),
        message(
            "a ref beyond a long",
            "{'type':'ping','ref':" + "9".repeat(5000) + "}",
            "invalid-field",
            "ref"),
        message("no token", "{'type':'auth'}", "invalid-field", "token"),
        message("a token that is a number", "{'type':'auth','token':1}", "invalid-field", "token"),
        message(
            "a token of 16,385",
            "{'type':'auth','token':'" + "t".repeat(16_385) + "'}",
            "invalid-field",
            "token"));
  }

  static Stream<Refused> subscribes() {
    return Stream.of(
        message("no topics", "{'type':'subscribe'}", "invalid-field", "topics"),
        message(
            "topics that are one", "{'type':'subscribe','topics':'a'}", "invalid-field", "topics"),
        message("an empty list", "{'type':'subscribe','topics':[]}", "invalid-field", "topics"),
        message(
            "a topic that is a number",
            "{'type':'subscribe','topics':['a',1]}",
            "invalid-field",
            "topics[1]"),
        message(
            "a pattern", "{'type':'subscribe','topics':['a','b.*']}", "invalid-topic", "topics[1]"),
        message(
            "an empty topic", "{'type':'subscribe','topics':['']}", "invalid-topic", "topics[0]"),
        message(
            "an escaped control character",
            "{'type':'subscribe','topics':['a\\u0000']}",
            "invalid-topic",
            "topics[0]"),
        message(
            "1,001 topics",
            "{'type':'subscribe','topics':[" + topics(1001) + "]}",
            "invalid-field",
            "topics"),
        message(
            "a bad cursor",
            "{'type':'subscribe','topics':['a'],'cursor':'x'}",
            "invalid-cursor",
            "cursor"),
        message(
            "a cursor that is null",
            "{'type':'subscribe','topics':['a'],'cursor':null}",
            "invalid-field",
            "cursor"),
        message(
            "replay over 1,000",
            "{'type':'subscribe','topics':['a'],'replay':1001}",
            "invalid-field",
            "replay"),
        message(
            "unsubscribe with a cursor",
            "{'type':'unsubscribe','topics':['a'],'cursor':''}",
            "unknown-field",
            "cursor"));
  }

  static Stream<Refused> publishes() {
    return Stream.of(
        message("no event", "{'type':'publish'}", "invalid-field", "event"),
        message(
            "an event that is text", "{'type':'publish','event':'a'}", "invalid-field", "event"),
        message(
            "an event without topic",
            "{'type':'publish','event':{'data':1}}",
            "invalid-field",
            "event.topic"),
        message(
            "an event with a bad topic",
            "{'type':'publish','event':{'topic':' ','data':1}}",
            "invalid-topic",
            "event.topic"),
        message(
            "an event with too much",
            "{'type':'publish','event':{'topic':'a','data':1,'ttl':1}}",
            "unknown-field",
            "event.ttl"),
        message(
            "an event too large",
            "{'type':'publish','event':{'topic':'a','data':'"
                + "x".repeat(Content.MAX_DATA_BYTES - 1)
                + "'}}",
            "too-large",
            "event.data"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"json", "members", "subscribes", "publishes"})
  void isAnsweredWithAnErrorAndTheConnectionGoesOn(Refused refused) throws IOException {
    try (RawWebSocket socket = new RawWebSocket(node().port(), "")) {
      socket.send(refused.text());
      JsonNode error = socket.next("error");
      assertAll(
          () -> assertEquals(refused.code(), error.path("code").asText(), error.toString()),
          () -> assertEquals(refused.field(), error.path("field").asText(), error.toString()),
          () -> assertFalse(error.path("message").asText().isEmpty()));
      socket.send("{\"type\":\"ping\",\"ref\":7}");
      assertEquals(7, socket.next("ack").path("ref").asInt());
    }
  }

  @Test
  void theErrorCarriesTheRefThatCouldBeRead() throws IOException {
    try (RawWebSocket socket = new RawWebSocket(node().port(), "")) {
      socket.send("{\"type\":\"subscribe\",\"ref\":5,\"topics\":[\"*\"]}");
      assertEquals(5, socket.next("error").path("ref").asInt());
    }
  }

  @Test
  void theTenthClosesTheConnectionAndNothingBehindItIsCarriedOut() throws IOException {
    try (RawWebSocket socket = new RawWebSocket(node().port(), "")) {
      socket.next("welcome");
      String publish = "{\"type\":\"publish\",\"ref\":1,\"event\":{\"topic\":\"a\",\"data\":1}}";
      byte[] ten =
          ClientFrame.join(
              IntStream.range(0, 10).mapToObj(_ -> ClientFrame.text("{}")).toArray(byte[][]::new));
      socket.send(ClientFrame.join(ten, ClientFrame.text(publish)));
      List<ServerFrame> frames = socket.rest();
      assertEquals(10, frames.stream().filter(f -> f.text().contains("\"error\"")).count());
      assertEquals(CloseReason.PROTOCOL_ERROR.code(), frames.getLast().closeCode());
    }
  }

  private static String topics(int count) {
    return IntStream.range(0, count).mapToObj(i -> "'t" + i + "'").collect(Collectors.joining(","));
  }

  private static String utf16(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.US_ASCII);
  }
}
