package io.edgepush.service.access;

import static io.edgepush.service.testing.Tokens.encoded;
import static io.edgepush.service.testing.Tokens.hmac;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgepush.service.testing.Tokens;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What attackers try with tokens. */
class TokenAttackTest {
  private static final long NOW = Verifying.NOW.getEpochSecond();
  private static final String CLAIMS =
      "{\"sub\":\"eve\",\"exp\":" + (NOW + 60) + ",\"subscribe\":\"**\"}";
  private static final KeyPair RSA = Tokens.rsa();
  private static final byte[] SECRET = Tokens.SECRET.getBytes(StandardCharsets.UTF_8);

  private final Verifying verifying =
      new Verifying(
          Verifying.secret(Tokens.SECRET, Algorithm.HS256),
          Verifying.key("rsa", new TokenKey.Source.PublicKey(Tokens.pem(RSA)), Algorithm.RS256));

  private static String hs256(String header, String claims) {
    return hmac("HmacSHA256", SECRET, header, claims);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE", "hs256", "HS1", "RSA-OAEP", "PS256", ""})
  void noOtherAlgorithmIsEverAccepted(String name) {
    String content = encoded("{\"alg\":\"" + name + "\"}") + "." + encoded(CLAIMS) + ".";
    assertEquals(Refusal.MALFORMED, verifying.refused(content), "without a signature");
    assertEquals(Refusal.ALGORITHM, verifying.refused(content + "AAAA"));
    assertEquals(Refusal.ALGORITHM, verifying.refused(hs256("{\"alg\":\"" + name + "\"}", CLAIMS)));
  }

  @Test
  void aHeaderWithoutAlgorithmIsRefused() {
    assertEquals(Refusal.ALGORITHM, verifying.refused(hs256("{\"typ\":\"JWT\"}", CLAIMS)));
  }

  @Test
  void thePublicKeyIsNoSecret() {
    byte[] der = RSA.getPublic().getEncoded();
    byte[] pem = Tokens.pem(RSA).getBytes(StandardCharsets.US_ASCII);
    for (byte[] secret :
        new byte[][] {der, pem, Tokens.pem(RSA).strip().getBytes(StandardCharsets.US_ASCII)}) {
      for (String id : new String[] {"", ",\"kid\":\"rsa\""}) {
        String token = hmac("HmacSHA256", secret, "{\"alg\":\"HS256\"" + id + "}", CLAIMS);
        assertEquals(
            id.isEmpty() ? Refusal.SIGNATURE : Refusal.UNKNOWN_KEY, verifying.refused(token));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../../dev/null",
        "/etc/hostname",
        "' OR '1'='1",
        "rsa\\u0000",
        "http://127.0.0.1:1/key",
        "$(reboot)",
        "RSA",
        " rsa"
      })
  void aKeyIdOnlyLooksUp(String id) {
    String header = "{\"alg\":\"HS256\",\"kid\":\"" + id + "\"}";
    assertEquals(
        Refusal.UNKNOWN_KEY, verifying.refused(hmac("HmacSHA256", new byte[] {0}, header, CLAIMS)));
    assertEquals(Refusal.UNKNOWN_KEY, verifying.refused(hs256(header, CLAIMS)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "jwk | {\"kty\":\"oct\",\"k\":\"AAAA\"}",
        "jku | \"http://127.0.0.1:1/jwks\"",
        "x5u | \"http://127.0.0.1:1/cert\"",
        "x5c | [\"AAAA\"]",
        "crit | [\"exp\"]",
        "b64 | false",
        "zip | \"DEF\"",
      })
  void aHeaderThatBringsAKeyOrChangesTheMeaningIsRefused(String name, String value) {
    String header = "{\"alg\":\"HS256\",\"" + name + "\":" + value + "}";
    assertEquals(Refusal.HEADER, verifying.refused(hs256(header, CLAIMS)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "null", "[\"HS256\"]", "{}", "true"})
  void anAlgorithmOrKeyIdIsText(String value) {
    assertEquals(Refusal.HEADER, verifying.refused(hs256("{\"alg\":" + value + "}", CLAIMS)));
    assertEquals(
        Refusal.HEADER,
        verifying.refused(hs256("{\"alg\":\"HS256\",\"kid\":" + value + "}", CLAIMS)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"HS256\",\"alg\":\"HS256\"}",
        "{\"alg\":\"none\",\"\\u0061lg\":\"HS256\"}",
        "{\"alg\":\"HS256\"}{}",
        "{\"alg\":\"HS256\",}",
        "{'alg':'HS256'}",
        "[\"HS256\"]",
        "\"HS256\"",
        "",
        " ",
        "null",
      })
  void aHeaderIsOneStrictObject(String header) {
    assertEquals(Refusal.MALFORMED, verifying.refused(hs256(header, CLAIMS)));
  }

  @Test
  void aClaimTwiceIsRefusedHoweverItIsWritten() {
    for (String twice :
        new String[] {"\"sub\":\"eve\"", "\"\\u0073ub\":\"eve\"", "\"x\":1,\"x\":2"}) {
      String claims = "{\"sub\":\"bob\"," + twice + ",\"exp\":" + (NOW + 60) + "}";
      assertEquals(Refusal.MALFORMED, verifying.refused(hs256("{\"alg\":\"HS256\"}", claims)));
    }
  }

  @Test
  void aTokenThatIsCutAnywhereIsRefused() {
    String token = hs256("{\"alg\":\"HS256\"}", CLAIMS);
    verifying.accepted(token);
    for (int end = 0; end < token.length(); end++) {
      verifying.refused(token.substring(0, end));
    }
  }

  @Test
  void aTokenWithAnyCharacterChangedIsRefused() {
    String token = hs256("{\"alg\":\"HS256\"}", CLAIMS);
    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      verifying.refused(token.substring(0, i) + other + token.substring(i + 1));
    }
  }

  @Test
  void thereIsOneFormOfAToken() {
    String token = hs256("{\"alg\":\"HS256\"}", CLAIMS);
    String[] parts = token.split("\\.");
    byte[] header = Base64.getUrlDecoder().decode(parts[0]);
    String padded = Base64.getUrlEncoder().encodeToString(header);
    for (String other :
        new String[] {
          padded.equals(parts[0]) ? parts[0] + "=" : padded,
          parts[0] + "=",
          parts[0] + "\n",
          " " + parts[0],
          parts[0] + "*"
        }) {
      assertEquals(Refusal.MALFORMED, verifying.refused(other + "." + parts[1] + "." + parts[2]));
    }
    assertEquals(Refusal.MALFORMED, verifying.refused(token + ".e30"));
    assertEquals(Refusal.MALFORMED, verifying.refused(token + "=="));
    assertEquals(Refusal.MALFORMED, verifying.refused(""));
    assertEquals(Refusal.MALFORMED, verifying.refused(".."));
  }

  @Test
  void aHugeTokenIsRefused() {
    String claims = "{\"sub\":\"eve\",\"x\":\"" + "x".repeat(10 << 20) + "\"}";
    String token = hs256("{\"alg\":\"HS256\"}", claims);
    assertEquals(Refusal.MALFORMED, verifying.refused(token));
    assertEquals(Refusal.MALFORMED, verifying.refused("..".repeat(5 << 20)));
  }

  @Test
  void deepJsonIsRefused() {
    for (int depth : new int[] {20, 2_000, 100_000}) {
      String claims = "{\"sub\":\"eve\",\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
      assertEquals(Refusal.MALFORMED, verifying.refused(hs256("{\"alg\":\"HS256\"}", claims)));
    }
  }

  @Test
  void anotherKeysSignatureIsRefused() {
    String header = "{\"alg\":\"RS256\",\"kid\":\"rsa\"}";
    verifying.accepted(Tokens.signed("SHA256withRSA", RSA, header, CLAIMS));
    assertEquals(
        Refusal.SIGNATURE,
        verifying.refused(Tokens.signed("SHA256withRSA", Tokens.rsa(), header, CLAIMS)));
    assertEquals(
        Refusal.SIGNATURE,
        verifying.refused(Tokens.signed("SHA512withRSA", RSA, header, CLAIMS)),
        "another digest");
    assertEquals(
        Refusal.UNKNOWN_KEY,
        verifying.refused(
            Tokens.signed("SHA512withRSA", RSA, "{\"alg\":\"RS512\",\"kid\":\"rsa\"}", CLAIMS)),
        "an algorithm that this key is not for");
  }
}
