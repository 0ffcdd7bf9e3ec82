package io.edgepush.service.access;

import static io.edgepush.service.access.Verifying.key;
import static io.edgepush.service.access.Verifying.secret;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.access.Action;
import io.edgepush.access.Principal;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Tokens;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
  private static final long NOW = Verifying.NOW.getEpochSecond();
  private static final byte[] SECRET = Tokens.SECRET.getBytes(StandardCharsets.UTF_8);

  private static String claims(String more) {
    return "{\"sub\":\"bob\",\"exp\":" + (NOW + 60) + "," + more + "}";
  }

  @ParameterizedTest
  @CsvSource({"HS256, HmacSHA256", "HS384, HmacSHA384", "HS512, HmacSHA512"})
  void aSharedSecretVerifies(Algorithm algorithm, String name) {
    Verifying verifying = new Verifying(secret(Tokens.SECRET, algorithm));
    String header = "{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}";
    verifying.accepted(Tokens.hmac(name, SECRET, header, claims("\"x\":1")));
  }

  @ParameterizedTest
  @CsvSource({"RS256, SHA256withRSA", "RS384, SHA384withRSA", "RS512, SHA512withRSA"})
  void anRsaKeyVerifies(Algorithm algorithm, String name) {
    KeyPair pair = Tokens.rsa();
    Verifying verifying =
        new Verifying(key("a", new TokenKey.Source.PublicKey(Tokens.pem(pair)), algorithm));
    String header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"a\"}";
    verifying.accepted(Tokens.signed(name, pair, header, claims("\"x\":1")));
  }

  @ParameterizedTest
  @CsvSource({
    "ES256, SHA256withECDSAinP1363Format, secp256r1",
    "ES384, SHA384withECDSAinP1363Format, secp384r1",
    "ES512, SHA512withECDSAinP1363Format, secp521r1"
  })
  void anEllipticKeyVerifies(Algorithm algorithm, String name, String curve) {
    KeyPair pair = Tokens.elliptic(curve);
    Verifying verifying =
        new Verifying(key("a", new TokenKey.Source.PublicKey(Tokens.pem(pair)), algorithm));
    String header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"a\"}";
    verifying.accepted(Tokens.signed(name, pair, header, claims("\"x\":1")));
  }

  @Test
  void theClaimsSayWhatIsGranted() {
    Verifying verifying = new Verifying(secret(Tokens.SECRET, Algorithm.HS256));
    Principal who =
        verifying.accepted(
            Tokens.hs256(
                claims(
                    "\"subscribe\":[\"a.*\",\"b.**\"],\"publish\":\"c\",\"presence\":[],\"jti\":\"7\","
                        + "\"iat\":1799999999,\"limits\":{\"topics\":5},\"roles\":{\"deep\":[1,{}]}")));
    assertEquals("bob", who.name());
    assertTrue(who.grants().permit(Action.SUBSCRIBE, new Topic("a.1")));
    assertTrue(who.grants().permit(Action.READ, new Topic("b.1.2")));
    assertTrue(who.grants().permit(Action.PUBLISH, new Topic("c")));
    assertFalse(who.grants().permit(Action.PUBLISH, new Topic("a.1")));
    assertFalse(who.grants().permit(Action.PRESENCE, new Topic("a.1")));
    assertFalse(who.grants().permit(Action.PURGE, new Topic("c")));
    assertEquals("7", who.term().tokenId());
    assertEquals(Instant.ofEpochSecond(1_799_999_999), who.term().issuedAt());
    assertEquals(Instant.ofEpochSecond(NOW + 70), who.term().expiresAt(), "the leeway included");
    assertEquals(Map.of("topics", 5L), who.limits());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"exp\":1800000060}",
        "{\"sub\":\"bob\"}",
        "{\"sub\":\"\",\"exp\":1800000060}",
        "{\"sub\":\"anonymous\",\"exp\":1800000060}",
        "{\"sub\":\"a\\nb\",\"exp\":1800000060}",
        "{\"sub\":\"a\\u202eb\",\"exp\":1800000060}",
        "{\"sub\":7,\"exp\":1800000060}",
        "{\"sub\":null,\"exp\":1800000060}",
        "{\"sub\":\"bob\",\"exp\":\"1800000060\"}",
        "{\"sub\":\"bob\",\"exp\":null}",
        "{\"sub\":\"bob\",\"exp\":1e400}",
        "{\"sub\":\"bob\",\"exp\":-1}",
        "{\"sub\":\"bob\",\"exp\":18446744075509551676}",
        "{\"sub\":\"bob\",\"exp\":1800000060,\"nbf\":true}",
        "{\"sub\":\"bob\",\"exp\":1800000060,\"subscribe\":{}}",
        "{\"sub\":\"bob\",\"exp\":1800000060,\"subscribe\":[1]}",
        "{\"sub\":\"bob\",\"exp\":1800000060,\"subscribe\":\"a b\"}",
        "{\"sub\":\"bob\",\"exp\":1800000060,\"subscribe\":[[\"a\"]]}",
        "{\"sub\":\"bob\",\"exp\":1800000060,\"limits\":{\"a\":-1}}",
        "{\"sub\":\"bob\",\"exp\":1800000060,\"limits\":[]}",
      })
  void claimsThatAreNotOfTheirFormAreRefused(String claims) {
    Verifying verifying = new Verifying(secret(Tokens.SECRET, Algorithm.HS256));
    assertEquals(Refusal.CLAIMS, verifying.refused(Tokens.hs256(claims)));
  }

  @ParameterizedTest
  @CsvSource({"-11, 0, false", "-9, 0, true", "60, 11, false", "60, 9, true"})
  void theTimesHoldWithTheLeeway(long exp, long nbf, boolean accepted) {
    Verifying verifying = new Verifying(secret(Tokens.SECRET, Algorithm.HS256));
    String token =
        Tokens.hs256("{\"sub\":\"bob\",\"exp\":" + (NOW + exp) + ",\"nbf\":" + (NOW + nbf) + "}");
    if (accepted) {
      verifying.accepted(token);
    } else {
      assertEquals(Refusal.TIME, verifying.refused(token));
    }
  }

  @Test
  void aTokenThatWouldOutliveItsRevocationIsRefused() {
    Verifying verifying = new Verifying(secret(Tokens.SECRET, Algorithm.HS256));
    verifying.accepted(Tokens.hs256("{\"sub\":\"bob\",\"exp\":" + (NOW + 3_610) + "}"));
    assertEquals(
        Refusal.LIFETIME,
        verifying.refused(Tokens.hs256("{\"sub\":\"bob\",\"exp\":" + (NOW + 3_611) + "}")));
  }

  @Test
  void issuerAndAudienceAreThoseOfTheKey() {
    TokenKey key =
        new TokenKey(
            "k",
            "",
            Set.of(Algorithm.HS256),
            new TokenKey.Source.Secret(Tokens.SECRET),
            "https://issuer",
            "push");
    Verifying verifying = new Verifying(key);
    String issuer = "\"iss\":\"https://issuer\"";
    verifying.accepted(Tokens.hs256(claims(issuer + ",\"aud\":\"push\"")));
    verifying.accepted(Tokens.hs256(claims(issuer + ",\"aud\":[\"other\",\"push\"]")));
    assertEquals(Refusal.ISSUER, verifying.refused(Tokens.hs256(claims("\"aud\":\"push\""))));
    assertEquals(
        Refusal.ISSUER,
        verifying.refused(Tokens.hs256(claims("\"iss\":\"https://issuer/\",\"aud\":\"push\""))));
    assertEquals(Refusal.AUDIENCE, verifying.refused(Tokens.hs256(claims(issuer))));
    assertEquals(
        Refusal.AUDIENCE, verifying.refused(Tokens.hs256(claims(issuer + ",\"aud\":\"pushy\""))));
    assertEquals(Refusal.AUDIENCE, verifying.refused(Tokens.hs256(claims(issuer + ",\"aud\":[]"))));
  }

  @Test
  void weakKeysAreRefused() {
    assertThrows(KeyFault.class, () -> new Verifying(secret("short", Algorithm.HS256)));
    assertThrows(
        KeyFault.class, () -> new Verifying(secret(Tokens.SECRET.substring(1), Algorithm.HS512)));
    TokenKey.Source p256 = new TokenKey.Source.PublicKey(Tokens.pem(Tokens.elliptic("secp256r1")));
    assertThrows(KeyFault.class, () -> new Verifying(key("a", p256, Algorithm.ES384)));
    assertThrows(KeyFault.class, () -> new Verifying(key("a", p256, Algorithm.RS256)));
  }
}
