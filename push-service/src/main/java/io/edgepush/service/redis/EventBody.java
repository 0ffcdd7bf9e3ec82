package io.edgepush.service.redis;

import io.edgepush.model.Content;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Reach;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * An event's content as it lies in Redis: a version byte, then for each part that is not empty a
 * tag byte, a length (little-endian groups of 7 bits) and so many bytes. Tags that are not known
 * are skipped, so that a later version can add parts while nodes of both run.
 */
final class EventBody {
  private static final byte VERSION = 1;
  private static final int TYPE = 1;
  private static final int KEY = 2;
  private static final int BINARY = 3;
  private static final int DATA = 4;
  private static final int SESSION = 5;
  private static final int SUBJECT = 6;
  private static final int EXCLUDE = 7;
  private static final int EXPIRES = 8;

  private EventBody() {}

  static byte[] encode(Content content) {
    byte[] type = content.type().getBytes(StandardCharsets.UTF_8);
    byte[] key = content.key().getBytes(StandardCharsets.UTF_8);
    boolean binary = content.encoding() == Content.Encoding.BINARY;
    byte[] reach = reach(content.reach());
    int size = 1 + size(type) + size(key) + (binary ? 2 : 0) + size(content.data());
    byte[] body = new byte[size + reach.length];
    body[0] = VERSION;
    System.arraycopy(reach, 0, body, 1, reach.length);
    int at = put(body, 1 + reach.length, TYPE, type);
    at = put(body, at, KEY, key);
    if (binary) {
      body[at] = BINARY;
      at += 2;
    }
    put(body, at, DATA, content.data());
    return body;
  }

  private static byte[] reach(Reach reach) {
    if (reach == Reach.EVERYBODY) {
      return new byte[0];
    }
    String[] texts = {
      reach.session(),
      reach.subject(),
      reach.exclude(),
      reach.expiresAtMs() == 0 ? "" : Long.toString(reach.expiresAtMs())
    };
    byte[][] parts = new byte[texts.length][];
    int size = 0;
    for (int i = 0; i < parts.length; i++) {
      parts[i] = texts[i].getBytes(StandardCharsets.UTF_8);
      size += size(parts[i]);
    }
    byte[] body = new byte[size];
    int at = 0;
    for (int i = 0; i < parts.length; i++) {
      at = put(body, at, SESSION + i, parts[i]);
    }
    return body;
  }

  private static int size(byte[] part) {
    if (part.length == 0) {
      return 0;
    }
    int size = 2 + part.length;
    for (int rest = part.length >>> 7; rest != 0; rest >>>= 7) {
      size++;
    }
    return size;
  }

  private static int put(byte[] body, int from, int tag, byte[] part) {
    if (part.length == 0) {
      return from;
    }
    int at = from;
    body[at++] = (byte) tag;
    int rest = part.length;
    while (rest > 0x7f) {
      body[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    body[at++] = (byte) rest;
    System.arraycopy(part, 0, body, at, part.length);
    return at + part.length;
  }

  /** Reads a body that begins at an offset and ends with the array; empty when it is not one. */
  static Optional<Content> decode(byte[] bytes, int offset) {
    if (offset >= bytes.length || bytes[offset] != VERSION) {
      return Optional.empty();
    }
    String type = "";
    String key = "";
    Content.Encoding encoding = Content.Encoding.JSON;
    byte[] data = new byte[0];
    String[] reach = {"", "", "", ""};
    int at = offset + 1;
    while (at < bytes.length) {
      int tag = bytes[at++];
      long length = 0;
      int shift = 0;
      do {
        if (at == bytes.length || shift > 28) {
          return Optional.empty();
        }
        length |= (bytes[at] & 0x7fL) << shift;
        shift += 7;
      } while (bytes[at++] < 0);
      if (length > bytes.length - at) {
        return Optional.empty();
      }
      int end = at + (int) length;
      switch (tag) {
        case TYPE -> type = new String(bytes, at, end - at, StandardCharsets.UTF_8);
        case KEY -> key = new String(bytes, at, end - at, StandardCharsets.UTF_8);
        case BINARY -> encoding = Content.Encoding.BINARY;
        case DATA -> data = Arrays.copyOfRange(bytes, at, end);
        case SESSION, SUBJECT, EXCLUDE, EXPIRES ->
            reach[tag - SESSION] = new String(bytes, at, end - at, StandardCharsets.UTF_8);
        default -> {}
      }
      at = end;
    }
    return content(type, key, encoding, data, reach);
  }

  private static Reach reach(String[] texts) {
    boolean everybody = String.join("", texts).isEmpty();
    long expires = texts[3].isEmpty() ? 0 : Long.parseLong(texts[3]);
    return everybody ? Reach.EVERYBODY : new Reach(texts[0], texts[1], texts[2], expires);
  }

  private static Optional<Content> content(
      String type, String key, Content.Encoding encoding, byte[] data, String[] reach) {
    try {
      return Optional.of(new Content(type, key, encoding, data, reach(reach)));
    } catch (ProblemException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
