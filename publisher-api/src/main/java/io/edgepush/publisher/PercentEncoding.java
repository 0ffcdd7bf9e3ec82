package io.edgepush.publisher;

import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * RFC 3986 section 2.1, strictly: a % that two hexadecimal digits do not follow is refused, never
 * passed on.
 */
final class PercentEncoding {
  private PercentEncoding() {}

  /**
   * Decodes a path segment that is ASCII. Other bytes become characters that no topic may have.
   *
   * @throws ProblemException {@link Code#INVALID_TOPIC} for a broken escape
   */
  static String decodeAscii(String raw, String field) {
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    return new String(decode(raw, Code.INVALID_TOPIC, field), StandardCharsets.ISO_8859_1);
  }

  /**
   * Decodes a name or value of a query, in which + is a space, as forms and browsers write it.
   *
   * @throws ProblemException {@link Code#INVALID_FIELD} for a broken escape and for what is not
   *     UTF-8
   */
  static String decodeQuery(String raw, String field) {
    if (raw.indexOf('%') < 0) {
      return raw.replace('+', ' ');
    }
    try {
      byte[] bytes = decode(raw.replace('+', ' '), Code.INVALID_FIELD, field);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw Problem.of(Code.INVALID_FIELD, field, field + " is not UTF-8").exception();
    }
  }

  /**
   * Decodes a header's value, in which only some characters are encoded.
   *
   * @throws ProblemException {@link Code#INVALID_FIELD} for a broken escape and for what is not
   *     UTF-8
   */
  static String decodeText(String raw, String field) {
    return decodeQuery(raw.replace("+", "%2B"), field);
  }

  private static byte[] decode(String raw, Code code, String field) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '%') {
        // The request line is read as ASCII: there is no other character.
        out.write(c);
        continue;
      }
      int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
      int low = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        throw Problem.of(
                code, field, "two hexadecimal digits must follow the % at character " + (i + 1))
            .exception();
      }
      out.write(high << 4 | low);
      i += 2;
    }
    return out.toByteArray();
  }
}
