package io.edgepush.hub.client;

import io.edgepush.model.Cursor;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An event stream as the HTML standard parses it (§9.2.6), lines ended by LF. Its last event id is
 * the cursor.
 */
public final class SseDecoder implements Decoder {
  private final Recipient view;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private String type = "";
  private String lastId = "";

  /** A stream that begins. */
  public SseDecoder(Recipient view) {
    this.view = view;
  }

  @Override
  public void feed(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        line(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else {
        line.write(bytes[i]);
      }
    }
  }

  private void line(String text) {
    int colon = text.indexOf(':');
    if (text.isEmpty()) {
      dispatch();
    } else if (colon == 0) {
      view.hear(new Message.Notice(text.substring(1).strip(), Map.of()));
    } else {
      String name = colon < 0 ? text : text.substring(0, colon);
      String value = colon < 0 ? "" : text.substring(colon + 1);
      field(name, value.startsWith(" ") ? value.substring(1) : value);
    }
  }

  private void field(String name, String value) {
    switch (name) {
      case "event" -> type = value;
      case "data" -> data.append(value).append('\n');
      case "id" -> lastId = value;
      case "retry" -> view.hear(new Message.Notice("retry", Map.of("ms", Long.parseLong(value))));
      default -> throw new AssertionError("not a field of an event stream: " + name);
    }
  }

  /** The last event id counts from the empty line on, with or without data. */
  private void dispatch() {
    if (!lastId.isEmpty()) {
      view.replace(Cursor.parse(lastId));
    }
    if (!data.isEmpty()) {
      Map<String, Object> json = Json.object(data.toString());
      view.hear(type.isEmpty() ? Message.event(json) : named(json));
    }
    data.setLength(0);
    type = "";
  }

  private Message named(Map<String, Object> json) {
    if (!type.equals(Json.string(json, "type"))) {
      throw new AssertionError("event: " + type + " carries " + json);
    }
    return Message.of(json);
  }
}
