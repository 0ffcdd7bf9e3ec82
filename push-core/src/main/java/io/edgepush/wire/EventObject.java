package io.edgepush.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.edgepush.model.Content;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Publication;
import io.edgepush.model.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** The members of one event as a publisher writes it. For one thread. */
final class EventObject {
  private static final int MAX_SHOWN_NAME = 40;

  private final byte[] bytes;
  private final int begin;
  private boolean topicGiven;
  private String topic = "";
  private String type = "";
  private String key = "";
  private boolean idGiven;
  private String id = "";
  private boolean base64;
  private boolean dataGiven;
  private boolean dataIsString;
  private int dataFrom;
  private int dataTo;
  private final ReachReader reach = new ReachReader();

  private EventObject(byte[] bytes, int begin) {
    this.bytes = bytes;
    this.begin = begin;
  }

  /**
   * Reads the object that the parser stands at, to its end whatever is wrong with its members, so
   * that the next one can be read.
   *
   * @param bytes what the parser reads
   * @param begin where the parser's byte offset is 0
   * @throws ProblemException the first thing that is wrong
   */
  static Publication read(JsonParser in, byte[] bytes, int begin) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      JsonText.skipValue(in);
      throw Problem.of(Code.MALFORMED, "an event is a JSON object").exception();
    }
    EventObject event = new EventObject(bytes, begin);
    ProblemException first = null;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      try {
        event.member(name, in);
      } catch (ProblemException e) {
        first = first == null ? e : first;
        JsonText.skipValue(in);
      }
    }
    if (first != null) {
      throw first;
    }
    return event.publication();
  }

  private void member(String name, JsonParser in) throws IOException {
    switch (name) {
      case "topic" -> {
        topicGiven = true;
        topic = string(name, in);
      }
      case "data" -> data(in);
      case "type" -> type = string(name, in);
      case "key" -> key = string(name, in);
      case "id" -> {
        idGiven = true;
        id = string(name, in);
      }
      case "encoding" -> {
        base64 = true;
        require(string(name, in).equals("base64"), name, "encoding is base64, or absent");
      }
      case "to" -> {
        int from = begin + (int) in.currentTokenLocation().getByteOffset();
        reach.to(bytes, from, begin + JsonText.skipValue(in));
      }
      case "exclude" -> reach.exclude(string(name, in));
      case "expiresAt" -> reach.expiresAt(string(name, in));
      case "ttlMs" -> {
        boolean number =
            in.currentToken() == JsonToken.VALUE_NUMBER_INT
                && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        reach.ttlMs(number ? in.getLongValue() : 0);
      }
      default ->
          throw Problem.of(
                  Code.UNKNOWN_FIELD,
                  JsonText.shortened(name, MAX_SHOWN_NAME),
                  "an event has no member of this name")
              .exception();
    }
  }

  private void data(JsonParser in) throws IOException {
    dataGiven = true;
    dataIsString = in.currentToken() == JsonToken.VALUE_STRING;
    dataFrom = begin + (int) in.currentTokenLocation().getByteOffset();
    dataTo = begin + JsonText.skipValue(in);
  }

  private static String string(String name, JsonParser in) throws IOException {
    require(in.currentToken() == JsonToken.VALUE_STRING, name, name + " is a string");
    return in.getText();
  }

  private Publication publication() {
    require(topicGiven, "topic", "topic is missing");
    require(dataGiven, "data", "data is missing");
    Topic where = new Topic(topic);
    Content content =
        base64
            ? new Content(type, key, Content.Encoding.BINARY, binary())
            : new Content(type, key, Content.Encoding.JSON, JsonText.copy(bytes, dataFrom, dataTo));
    return new Publication(
        where, content.withReach(reach.reach()), idGiven ? id : IdempotencyKeys.make(), idGiven);
  }

  private byte[] binary() {
    require(dataIsString, "data", "with encoding base64, data is a string");
    byte[] text = Arrays.copyOfRange(bytes, dataFrom + 1, dataTo - 1);
    if (new String(text, StandardCharsets.ISO_8859_1).indexOf('\\') >= 0) {
      // Base64 has no character that must be escaped, but "\/" is a common one that may be.
      text =
          JsonText.read(bytes, dataFrom, dataTo, JsonParser::getText)
              .getBytes(StandardCharsets.ISO_8859_1);
    }
    try {
      require(text.length % 4 == 0, "data", "data is not padded base64");
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw Problem.of(Code.INVALID_FIELD, "data", "data is not base64 as in RFC 4648 section 4")
          .exception();
    }
  }

  private static void require(boolean condition, String field, String detail) {
    if (!condition) {
      throw Problem.of(Code.INVALID_FIELD, field, detail).exception();
    }
  }
}
