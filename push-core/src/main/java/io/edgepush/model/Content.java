package io.edgepush.model;

import java.util.Objects;

/**
 * What an event says. The data bytes are shared between all who hold the event and must not be
 * changed.
 *
 * @param type the publisher's name for the kind of event, at most 200 characters; empty where none
 *     was given
 * @param key the conflation key, at most 200 characters; empty where none was given
 * @param encoding how {@code data} is to be read
 * @param data at most {@link #MAX_DATA_BYTES} bytes: one JSON value in UTF-8 without line breaks,
 *     or any bytes
 * @param reach whom it is for, and until when
 */
public record Content(String type, String key, Encoding encoding, byte[] data, Reach reach) {
  /** The greatest size of an event's data, in bytes. */
  public static final int MAX_DATA_BYTES = 64 * 1024;

  /** The greatest length of type and key, in characters. */
  public static final int MAX_NAME_LENGTH = 200;

  private static final byte[] NO_DATA = {};

  /** How data bytes are to be read. */
  public enum Encoding {
    /** One JSON value in UTF-8. */
    JSON,
    /** Any bytes; text formats carry them as a base64 string with {@code "encoding":"base64"}. */
    BINARY
  }

  /**
   * Checks the sizes.
   *
   * @throws ProblemException {@link Problem.Code#TOO_LARGE} or {@link Problem.Code#INVALID_FIELD}
   */
  public Content {
    Objects.requireNonNull(encoding);
    Objects.requireNonNull(reach);
    checkName("type", type);
    checkName("key", key);
    if (data.length > MAX_DATA_BYTES) {
      throw Problem.of(
              Problem.Code.TOO_LARGE,
              "data",
              "an event's data has at most "
                  + MAX_DATA_BYTES
                  + " bytes, this one has "
                  + data.length)
          .exception();
    }
  }

  /** For everybody. */
  public Content(String type, String key, Encoding encoding, byte[] data) {
    this(type, key, encoding, data, Reach.EVERYBODY);
  }

  /** The same without its data. */
  Content withoutData() {
    return new Content(type, key, encoding, NO_DATA, reach);
  }

  /** The same for whom it is for. */
  public Content withReach(Reach whom) {
    return new Content(type, key, encoding, data, whom);
  }

  /** A JSON value without type and key. */
  public static Content json(byte[] value) {
    return new Content("", "", Encoding.JSON, value);
  }

  /**
   * Checks a short text that a client gives: at most {@link #MAX_NAME_LENGTH} characters, no
   * control characters and no half of a surrogate pair, which UTF-8 cannot carry.
   *
   * @throws ProblemException {@link Problem.Code#INVALID_FIELD} that names the field
   */
  static void checkName(String field, String value) {
    if (value.length() > MAX_NAME_LENGTH || value.codePoints().anyMatch(Content::unprintable)) {
      throw Problem.of(
              Problem.Code.INVALID_FIELD,
              field,
              field + " has at most " + MAX_NAME_LENGTH + " characters and no control characters")
          .exception();
    }
  }

  private static boolean unprintable(int codePoint) {
    return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
  }
}
