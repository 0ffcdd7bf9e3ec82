package io.edgepush.service.access;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;

/**
 * Reads a JSON Web Token in compact form (RFC 7515 §7.1), strictly, before anything else looks at
 * it: what two readers could read differently is refused. Nothing of it is believed yet.
 */
final class TokenReader {
  /** The most characters of a token. */
  static final int MAX_TOKEN = 8 * 1024;

  private static final int MAX_DEPTH = 16;
  private static final int MAX_KEY_ID = 200;

  /** Members that bring a key of their own, or change what is signed or how it is read. */
  private static final Set<String> REFUSED =
      Set.of("jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc", "epk", "apu", "apv");

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxDocumentLength(MAX_TOKEN)
                  .build())
          .build();

  private TokenReader() {}

  /** Reads one value with a parser that stands at its first token. */
  @FunctionalInterface
  private interface Reading<T> {
    T read(JsonParser in) throws IOException, RefusedException;
  }

  /** Reads a token. */
  static Token read(String text) throws RefusedException {
    if (text.length() > MAX_TOKEN) {
      throw new RefusedException(Refusal.MALFORMED);
    }
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      throw new RefusedException(Refusal.MALFORMED);
    }
    decode(parts[2]);
    HeaderReader header = parse(decode(parts[0]), HeaderReader::new);
    Token.Claims claims = parse(decode(parts[1]), in -> new ClaimsReader().read(in));
    Algorithm algorithm =
        Algorithm.of(header.algorithm).orElseThrow(() -> new RefusedException(Refusal.ALGORITHM));
    return new Token(algorithm, header.keyId, claims);
  }

  /** Base64url without padding (RFC 7515 §2), in the one form that there is for these bytes. */
  private static byte[] decode(String part) throws RefusedException {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(part);
      if (bytes.length > 0
          && Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
        return bytes;
      }
    } catch (IllegalArgumentException _) {
      // said below
    }
    throw new RefusedException(Refusal.MALFORMED);
  }

  private static <T> T parse(byte[] bytes, Reading<T> reading) throws RefusedException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      try (JsonParser in = JSON.createParser(text)) {
        if (in.nextToken() != JsonToken.START_OBJECT) {
          throw new RefusedException(Refusal.MALFORMED);
        }
        T value = reading.read(in);
        if (in.nextToken() != null) {
          throw new RefusedException(Refusal.MALFORMED);
        }
        return value;
      }
    } catch (CharacterCodingException _) {
      throw new RefusedException(Refusal.MALFORMED);
    } catch (IOException _) {
      throw new RefusedException(Refusal.MALFORMED);
    }
  }

  /** The header, RFC 7515 §4. */
  private static final class HeaderReader {
    private String algorithm = "";
    private String keyId = "";

    HeaderReader(JsonParser in) throws IOException, RefusedException {
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        JsonToken value = in.nextToken();
        if (REFUSED.contains(name)) {
          throw new RefusedException(Refusal.HEADER);
        }
        switch (name) {
          case "alg" -> algorithm = text(in, value);
          case "kid" -> {
            keyId = text(in, value);
            if (keyId.isEmpty() || keyId.length() > MAX_KEY_ID) {
              throw new RefusedException(Refusal.HEADER);
            }
          }
          default -> in.skipChildren();
        }
      }
    }

    private static String text(JsonParser in, JsonToken value)
        throws IOException, RefusedException {
      if (value != JsonToken.VALUE_STRING) {
        throw new RefusedException(Refusal.HEADER);
      }
      return in.getText();
    }
  }
}
