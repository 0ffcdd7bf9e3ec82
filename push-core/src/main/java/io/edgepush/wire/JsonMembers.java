package io.edgepush.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The members of an object that strangers wrote, as strictly read as events are, and without losing
 * how values were written.
 */
public final class JsonMembers {
  private static final int MOST_MEMBERS = 100;

  private JsonMembers() {}

  /**
   * A member's value.
   *
   * @param text of a string, a number or a boolean; empty otherwise
   * @param scalar whether it is one of these
   * @param string whether it is a string
   * @param raw the value as it was written, without line breaks
   */
  public record Value(String text, boolean scalar, boolean string, byte[] raw) {}

  /**
   * Reads the one object in part of an array.
   *
   * @throws io.edgepush.model.ProblemException when it is none
   */
  public static Map<String, Value> read(byte[] bytes, int from, int to) {
    return JsonText.read(
        bytes,
        from,
        to,
        in -> {
          if (in.currentToken() != JsonToken.START_OBJECT) {
            throw Problem.of(Code.MALFORMED, "an event is a JSON object").exception();
          }
          Map<String, Value> members = new LinkedHashMap<>();
          while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            if (members.size() == MOST_MEMBERS) {
              throw Problem.of(Code.INVALID_FIELD, "an event has at most 100 members").exception();
            }
            members.put(name, value(in, bytes, from));
          }
          return members;
        });
  }

  private static Value value(JsonParser in, byte[] bytes, int begin) throws IOException {
    JsonToken token = in.nextToken();
    boolean scalar = token.isScalarValue() && token != JsonToken.VALUE_NULL;
    int from = begin + (int) in.currentTokenLocation().getByteOffset();
    String text = scalar ? in.getText() : "";
    int to = begin + JsonText.skipValue(in);
    return new Value(text, scalar, token == JsonToken.VALUE_STRING, JsonText.copy(bytes, from, to));
  }

  /**
   * The elements of an array, each as it was written.
   *
   * @throws io.edgepush.model.ProblemException when it is no array, or has none or more than {@link
   *     PublicationReader#MAX_EVENTS}
   */
  public static List<byte[]> elements(byte[] bytes) {
    return JsonText.read(
        bytes,
        0,
        bytes.length,
        in -> {
          if (in.currentToken() != JsonToken.START_ARRAY) {
            throw Problem.of(Code.MALFORMED, "a batch is a JSON array").exception();
          }
          List<byte[]> elements = new ArrayList<>();
          while (in.nextToken() != JsonToken.END_ARRAY) {
            int from = (int) in.currentTokenLocation().getByteOffset();
            elements.add(JsonText.copy(bytes, from, JsonText.skipValue(in)));
          }
          if (elements.isEmpty() || elements.size() > PublicationReader.MAX_EVENTS) {
            throw Problem.of(Code.INVALID_FIELD, "a batch has 1 to 1,000 events").exception();
          }
          return elements;
        });
  }
}
