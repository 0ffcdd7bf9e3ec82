package io.edgepush.service.access;

import io.helidon.security.jwt.jwk.Jwk;
import io.helidon.security.jwt.jwk.JwkEC;
import io.helidon.security.jwt.jwk.JwkRSA;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A JSON Web Key Set, RFC 7517 §5. */
final class KeySet {
  private static final int MAX_KEYS = 100;

  private KeySet() {}

  /**
   * The keys that sign with an accepted algorithm; others are left out.
   *
   * @throws KeyFault when the text is not a key set
   */
  static List<VerificationKey> keys(TokenKey origin, byte[] json) {
    List<VerificationKey> keys = new ArrayList<>();
    for (JsonValue value : members(json)) {
      if (value instanceof JsonObject member
          && !text(member, "use").equals("enc")
          && keys.size() < MAX_KEYS) {
        keys.addAll(accepted(origin, member));
      }
    }
    return keys;
  }

  private static List<JsonValue> members(byte[] json) {
    try (JsonReader reader = Json.createReader(new ByteArrayInputStream(json))) {
      return List.copyOf(reader.readObject().getJsonArray("keys"));
    } catch (RuntimeException _) {
      throw new KeyFault("the key set is not JSON with an array of keys");
    }
  }

  private static List<VerificationKey> accepted(TokenKey origin, JsonObject member) {
    String id = text(member, "kid");
    String own = text(member, "alg");
    List<VerificationKey> found = new ArrayList<>();
    for (VerificationKey key : made(origin, id, member)) {
      if (own.isEmpty() || own.equals(key.algorithm().name())) {
        found.add(key);
      }
    }
    return found;
  }

  private static List<VerificationKey> made(TokenKey origin, String id, JsonObject member) {
    try {
      return switch (text(member, "kty")) {
        case "RSA", "EC" ->
            switch (Jwk.create(member)) {
              case JwkRSA rsa -> KeyLoader.publicKey(origin, id, rsa.publicKey());
              case JwkEC ec -> KeyLoader.publicKey(origin, id, ec.publicKey());
              default -> List.of();
            };
        // What anybody may fetch is no secret.
        case "oct" ->
            origin.source() instanceof TokenKey.Source.KeySetFile
                ? KeyLoader.secret(origin, id, Base64.getUrlDecoder().decode(text(member, "k")))
                : List.of();
        default -> List.of();
      };
    } catch (KeyFault e) {
      throw e;
    } catch (RuntimeException _) {
      return List.of();
    }
  }

  private static String text(JsonObject object, String name) {
    return object.get(name) instanceof JsonString s ? s.getString() : "";
  }
}
