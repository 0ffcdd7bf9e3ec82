package io.edgepush.hub.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON as maps, lists, strings, numbers and booleans, in the order of the text. */
public final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /** Reads an object. */
  public static Map<String, Object> object(String text) {
    return object(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads an object in UTF-8. */
  public static Map<String, Object> object(byte[] utf8) {
    return asObject(read(utf8));
  }

  /** Reads any value in UTF-8. */
  public static Object read(byte[] utf8) {
    try (JsonParser parser = FACTORY.createParser(utf8)) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new AssertionError("more than one JSON value: " + text(utf8));
      }
      return value;
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + text(utf8), e);
    }
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** The value as an object. */
  @SuppressWarnings("unchecked") // a parsed object has strings for names
  public static Map<String, Object> asObject(Object value) {
    return (Map<String, Object>) value;
  }

  /** A member that is a list. */
  @SuppressWarnings("unchecked") // a parsed array
  public static List<Object> list(Map<String, Object> object, String name) {
    return (List<Object>) object.getOrDefault(name, List.of());
  }

  /** A member that is a string; empty when it is absent. */
  public static String string(Map<String, Object> object, String name) {
    return (String) object.getOrDefault(name, "");
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> members(parser);
      case START_ARRAY -> elements(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      default -> "null";
    };
  }

  private static Map<String, Object> members(JsonParser parser) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      members.put(name, value(parser));
    }
    return members;
  }

  private static List<Object> elements(JsonParser parser) throws IOException {
    List<Object> elements = new ArrayList<>();
    while (!parser.nextToken().isStructEnd()) {
      elements.add(value(parser));
    }
    return elements;
  }
}
