package io.edgepush.service.testing;

import io.edgepush.testing.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens by the JDK alone, good ones and others. */
public final class Tokens {
  /** A secret for HS256 and HS512. */
  public static final String SECRET =
      Secrets.note("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");

  private Tokens() {}

  /** A pair of RSA keys. */
  public static KeyPair rsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2_048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A pair of keys on a curve such as secp256r1. */
  public static KeyPair elliptic(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A public key in PEM. */
  public static String pem(KeyPair pair) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pair.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  /** Text in base64url. */
  public static String encoded(String text) {
    return encoded(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes in base64url. */
  public static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A token with {@link #SECRET} and HS256, without key id. */
  public static String hs256(String claims) {
    return hmac(
        "HmacSHA256", SECRET.getBytes(StandardCharsets.UTF_8), "{\"alg\":\"HS256\"}", claims);
  }

  /** A token with a shared secret. */
  public static String hmac(String name, byte[] secret, String header, String claims) {
    try {
      Mac mac = Mac.getInstance(name);
      mac.init(new SecretKeySpec(secret, name));
      String content = encoded(header) + "." + encoded(claims);
      return content + "." + encoded(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A token with a private key, by the JDK's name of the algorithm. */
  public static String signed(String name, KeyPair pair, String header, String claims) {
    try {
      Signature signature = Signature.getInstance(name);
      signature.initSign(pair.getPrivate());
      String content = encoded(header) + "." + encoded(claims);
      signature.update(content.getBytes(StandardCharsets.US_ASCII));
      return content + "." + encoded(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Claims that end after so many seconds, and whatever else. */
  public static String claims(String subject, long seconds, String more) {
    long end = System.currentTimeMillis() / 1_000 + seconds;
    return "{\"sub\":\"" + subject + "\",\"exp\":" + end + (more.isEmpty() ? "" : ",") + more + "}";
  }
}
