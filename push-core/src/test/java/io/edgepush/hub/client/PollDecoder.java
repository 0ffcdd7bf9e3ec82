package io.edgepush.hub.client;

import io.edgepush.model.Cursor;
import java.util.Map;

/** The answer of one long-poll. */
public final class PollDecoder {
  private PollDecoder() {}

  /** Takes a whole answer: gaps lie before the events. */
  public static void answer(byte[] body, Recipient view) {
    Map<String, Object> json = Json.object(body);
    view.answered();
    Json.list(json, "gaps").forEach(gap -> view.hear(Message.gap(Json.asObject(gap))));
    Json.list(json, "events").forEach(event -> view.hear(Message.event(Json.asObject(event))));
    Cursor cursor = Cursor.parse(Json.string(json, "cursor"));
    if (cursor.isEmpty()) {
      throw new AssertionError("an answer without a cursor: " + json);
    }
    view.replace(cursor);
    view.hear(new Message.Notice("poll", json));
  }
}
