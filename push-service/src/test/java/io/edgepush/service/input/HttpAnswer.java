package io.edgepush.service.input;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgepush.testing.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer to an HTTP request.
 *
 * @param status the number in the status line
 * @param headers by lower-case name
 * @param body all of it
 */
public record HttpAnswer(int status, Map<String, String> headers, byte[] body) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Whatever is asked, no answer holds a secret; documents may explain what one looks like. */
  public HttpAnswer {
    String type = headers.getOrDefault("content-type", "text/plain");
    if (type.contains("json") || type.startsWith("text/plain")) {
      Secrets.requireNoneIn(
          "the answer", status + " " + headers + new String(body, StandardCharsets.UTF_8));
    }
  }

  static HttpAnswer parse(String head, byte[] body) {
    String[] lines = head.split("\r\n");
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
      headers.merge(name, lines[i].substring(colon + 1).strip(), (a, b) -> a + ", " + b);
    }
    return new HttpAnswer(Integer.parseInt(lines[0].split(" ")[1]), headers, body);
  }

  /** A header's value by its lower-case name; empty when it is absent. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The body as JSON. */
  public JsonNode json() {
    return read(text());
  }

  /** Any JSON text. */
  public static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + json, e);
    }
  }
}
