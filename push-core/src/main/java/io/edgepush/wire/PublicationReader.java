package io.edgepush.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.edgepush.model.Content;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Publication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Reads what publishers write: an event object {@code
 * {"topic","data","type"?,"key"?,"id"?,"encoding"?}}, or an array of them. Safe for any thread;
 * never blocks; the size of the input is the caller's to bound.
 *
 * <p>It is strict: UTF-8 only, no member twice or unknown, no other types, nothing behind the
 * value. {@code data} is copied as it is; line breaks between its tokens become spaces. An event
 * without {@code id} gets a made idempotency key.
 */
public final class PublicationReader {
  /** The most events of one array. */
  public static final int MAX_EVENTS = 1_000;

  /** How deep an event's data may be nested. */
  public static final int MAX_DEPTH = JsonText.MAX_DEPTH;

  private PublicationReader() {}

  /** One event of a body. */
  public sealed interface Item {
    /**
     * An event that can be published.
     *
     * @param publication the event
     */
    record Good(Publication publication) implements Item {
      /** Rejects null. */
      public Good {
        Objects.requireNonNull(publication);
      }
    }

    /**
     * An event that is refused.
     *
     * @param problem what is wrong with it first; its field begins with the place in the array, as
     *     in {@code [3].topic}
     */
    record Bad(Problem problem) implements Item {
      /** Rejects null. */
      public Bad {
        Objects.requireNonNull(problem);
      }
    }
  }

  /**
   * What a body holds.
   *
   * @param array whether it was an array; otherwise there is one item, a good one
   * @param items 1 to {@link #MAX_EVENTS}, in the body's order; not modifiable
   */
  public record Body(boolean array, List<Item> items) {
    /** Copies the list. */
    public Body {
      items = List.copyOf(items);
    }
  }

  /**
   * Reads an event or an array of events.
   *
   * @throws ProblemException when nothing of the body can be published: it is not JSON or not
   *     UTF-8, has too many events or none, is nested too deep, or is one event that is refused
   */
  public static Body read(byte[] body) {
    return JsonText.read(
        body,
        0,
        body.length,
        in ->
            in.currentToken() == JsonToken.START_ARRAY
                ? new Body(true, items(in, body))
                : new Body(false, List.of(new Item.Good(EventObject.read(in, body, 0)))));
  }

  /**
   * Reads the one event object in part of an array.
   *
   * @param from where it begins
   * @param to where it ends
   * @throws ProblemException when it is refused; the field is relative to the event, as in {@code
   *     topic}
   */
  public static Publication readEvent(byte[] bytes, int from, int to) {
    Objects.checkFromToIndex(from, to, bytes.length);
    return JsonText.read(bytes, from, to, in -> EventObject.read(in, bytes, from));
  }

  /**
   * Reads one JSON value that is an event's data: the value in UTF-8 without line breaks.
   *
   * @throws ProblemException when it is not one JSON value, or nested too deep
   */
  public static byte[] readData(byte[] body) {
    return JsonText.read(
        body,
        0,
        body.length,
        in -> {
          int from = (int) in.currentTokenLocation().getByteOffset();
          return JsonText.copy(body, from, JsonText.skipValue(in));
        });
  }

  /**
   * Makes text an event's data: a JSON string.
   *
   * @param text at most a few times {@link Content#MAX_DATA_BYTES}
   * @throws ProblemException when it is not UTF-8
   */
  public static byte[] quoteText(byte[] text) {
    JsonText.requireUtf8(text, 0, text.length);
    return new Utf8Builder(text.length + 16)
        .quoted(new String(text, StandardCharsets.UTF_8))
        .toBytes();
  }

  private static List<Item> items(JsonParser in, byte[] body) throws IOException {
    List<Item> items = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (items.size() == MAX_EVENTS) {
        throw Problem.of(
                Code.INVALID_FIELD, "[" + MAX_EVENTS + "]", "at most 1,000 events a request")
            .exception();
      }
      items.add(item(in, body, items.size()));
    }
    if (items.isEmpty()) {
      throw Problem.of(Code.INVALID_FIELD, "at least one event is needed").exception();
    }
    return items;
  }

  private static Item item(JsonParser in, byte[] body, int index) throws IOException {
    try {
      return new Item.Good(EventObject.read(in, body, 0));
    } catch (ProblemException e) {
      String field = e.problem().field();
      return new Item.Bad(e.problem().at("[" + index + "]" + (field.isEmpty() ? "" : "." + field)));
    }
  }
}
