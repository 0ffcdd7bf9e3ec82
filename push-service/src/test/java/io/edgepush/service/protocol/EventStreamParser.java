package io.edgepush.service.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * Interprets an event stream as a browser does: HTML standard, section 9.2.6. Lines end with LF, CR
 * or both.
 */
final class EventStreamParser {
  /**
   * What a page gets to see.
   *
   * @param type {@code message} where the stream names none
   * @param lastEventId what the browser would send to resume
   * @param data the data lines
   */
  record Dispatched(String type, String lastEventId, String data) {}

  private final List<Dispatched> dispatched = new ArrayList<>();
  private String lastEventId = "";
  private String idBuffer = "";
  private String type = "";
  private final StringBuilder data = new StringBuilder();
  private int retryMs = -1;

  EventStreamParser(String stream) {
    String[] lines = stream.split("\r\n|\r|\n", -1);
    // what no line end follows is dropped
    for (int i = 0; i < lines.length - 1; i++) {
      line(lines[i]);
    }
  }

  List<Dispatched> dispatched() {
    return dispatched;
  }

  String lastEventId() {
    return lastEventId;
  }

  int retryMs() {
    return retryMs;
  }

  private void line(String line) {
    if (line.isEmpty()) {
      dispatch();
      return;
    }
    int colon = line.indexOf(':');
    if (colon == 0) {
      return;
    }
    String value = colon < 0 ? "" : line.substring(colon + 1);
    field(
        colon < 0 ? line : line.substring(0, colon),
        value.startsWith(" ") ? value.substring(1) : value);
  }

  private void field(String name, String value) {
    switch (name) {
      case "event" -> type = value;
      case "data" -> data.append(value).append('\n');
      case "id" -> idBuffer = value.indexOf('\0') < 0 ? value : idBuffer;
      case "retry" -> retryMs = value.matches("[0-9]+") ? Integer.parseInt(value) : retryMs;
      default -> {}
    }
  }

  private void dispatch() {
    lastEventId = idBuffer;
    if (!data.isEmpty()) {
      dispatched.add(
          new Dispatched(
              type.isEmpty() ? "message" : type,
              lastEventId,
              data.substring(0, data.length() - 1)));
    }
    data.setLength(0);
    type = "";
  }
}
