package io.edgepush.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.edgepush.model.Content;
import io.edgepush.model.Event;
import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The messages of docs/PROTOCOL.md in CBOR (RFC 8949): the same members in the same order, but an
 * event's binary data is a byte string. Safe for any thread; never blocks.
 */
public final class CborMessages {
  private static final CBORFactory CBOR =
      CBORFactory.builder()
          .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonText.MAX_DEPTH + 3)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();
  private static final JsonFactory JSON =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.newConcurrentDequePool()).build();

  private CborMessages() {}

  private interface Writing {
    void to(JsonGenerator out) throws IOException;
  }

  private interface TokenCopy {
    void copy(JsonParser in, JsonGenerator out) throws IOException;
  }

  /** The {@code event} message. */
  static byte[] encode(Event event) {
    Content content = event.content();
    return written(
        CBOR,
        content.data().length + 160,
        out -> {
          out.writeStartObject(null, 2);
          out.writeStringField("type", "event");
          out.writeFieldName("event");
          boolean typed = !content.type().isEmpty();
          boolean keyed = !content.key().isEmpty();
          out.writeStartObject(null, 3 + (typed ? 1 : 0) + (keyed ? 1 : 0));
          out.writeStringField("id", event.id().toString());
          out.writeStringField("topic", event.topic().name());
          if (typed) {
            out.writeStringField("type", content.type());
          }
          if (keyed) {
            out.writeStringField("key", content.key());
          }
          out.writeFieldName("data");
          switch (content.encoding()) {
            case JSON -> copyJson(content.data(), out);
            case BINARY -> out.writeBinary(content.data());
          }
          out.writeEndObject();
          out.writeEndObject();
        });
  }

  /** A message that is JSON of our own. */
  static byte[] fromJson(byte[] json) {
    return written(CBOR, json.length, out -> copyJson(json, out));
  }

  private static void copyJson(byte[] json, JsonGenerator out) {
    JsonText.read(
        json,
        0,
        json.length,
        in -> {
          copyItem(in, out, CborMessages::copy);
          return out;
        });
  }

  /** Copies the value that the parser stands at, to its end. */
  private static void copyItem(JsonParser in, JsonGenerator out, TokenCopy copy)
      throws IOException {
    int depth = 0;
    do {
      JsonToken token = in.currentToken();
      copy.copy(in, out);
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    } while (depth > 0 && in.nextToken() != null);
  }

  private static void copy(JsonParser in, JsonGenerator out) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      out.writeNumber(in.getDoubleValue()); // as JSON.parse reads it
    } else {
      out.copyCurrentEvent(in);
    }
  }

  /**
   * A client's message as JSON text, for {@link ClientMessageReader}. The data of a published event
   * may be a byte string, and becomes base64.
   *
   * @throws ProblemException when it is not one CBOR data item that JSON can express
   */
  public static byte[] toJson(byte[] cbor) {
    return written(
        JSON,
        cbor.length * 2,
        out -> {
          try (JsonParser in = CBOR.createParser(cbor)) {
            if (in.nextToken() == null) {
              throw malformed("a CBOR data item is expected, there is none");
            }
            copyItem(in, out, CborMessages::copyStrict);
            if (in.nextToken() != null) {
              throw malformed("one CBOR data item is expected, nothing may follow it");
            }
          }
        });
  }

  private static void copyStrict(JsonParser in, JsonGenerator out) throws IOException {
    switch (in.currentToken()) {
      case VALUE_EMBEDDED_OBJECT -> {
        if (!in.getParsingContext().pathAsPointer().toString().equals("/event/data")) {
          throw malformed("a byte string may stand for an event's data only");
        }
        out.writeBinary(in.getBinaryValue());
        out.writeStringField("encoding", "base64");
      }
      case VALUE_NUMBER_FLOAT -> {
        double number = in.getDoubleValue();
        if (!Double.isFinite(number)) {
          throw malformed("JSON, in which others get it, has neither NaN nor Infinity");
        }
        out.writeNumber(number);
      }
      default -> out.copyCurrentEvent(in);
    }
  }

  private static ProblemException malformed(String detail) {
    return Problem.of(Code.MALFORMED, detail).exception();
  }

  private static byte[] written(JsonFactory format, int expected, Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(expected);
    try {
      JsonGenerator out = format.createGenerator(bytes);
      try (out) {
        writing.to(out);
      }
      return bytes.toByteArray();
    } catch (com.fasterxml.jackson.core.JacksonException e) {
      throw malformed("not valid CBOR: " + JsonText.shortened(e.getOriginalMessage(), 200));
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail to be written", e);
    }
  }
}
