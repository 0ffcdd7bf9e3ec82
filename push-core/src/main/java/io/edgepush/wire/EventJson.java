package io.edgepush.wire;

import io.edgepush.model.Content;
import io.edgepush.model.Event;
import io.edgepush.model.Gap;
import java.util.Base64;

/** The event object of docs/PROTOCOL.md. */
public final class EventJson {
  private static final int OVERHEAD = 128;

  private EventJson() {}

  /** A gap as an object, as long-poll answers and the history have it. */
  public static byte[] encode(Gap gap) {
    return ServerMessageJson.gapObject(gap);
  }

  /** The event object in UTF-8, without line breaks. */
  public static byte[] encode(Event event) {
    Content content = event.content();
    int expected = OVERHEAD + event.topic().name().length() + content.data().length;
    Utf8Builder out = new Utf8Builder(expected).ascii("{\"id\":\"").ascii(event.id().toString());
    out.ascii("\",\"topic\":\"").ascii(event.topic().name()).single('"');
    if (!content.type().isEmpty()) {
      out.ascii(",\"type\":").quoted(content.type());
    }
    if (!content.key().isEmpty()) {
      out.ascii(",\"key\":").quoted(content.key());
    }
    switch (content.encoding()) {
      case JSON -> out.ascii(",\"data\":").raw(content.data());
      case BINARY ->
          out.ascii(",\"encoding\":\"base64\",\"data\":\"")
              .raw(Base64.getEncoder().encode(content.data()))
              .single('"');
    }
    return out.single('}').toBytes();
  }
}
