package io.edgepush.service.access;

import io.helidon.security.jwt.jwk.Jwk;
import io.helidon.security.jwt.jwk.JwkEC;
import io.helidon.security.jwt.jwk.JwkOctet;
import io.helidon.security.jwt.jwk.JwkRSA;
import jakarta.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Makes keys of what configuration names. May block: on a file, or on the network. */
final class KeyLoader {
  private static final int MAX_FILE_BYTES = 256 * 1024;

  private KeyLoader() {}

  /**
   * The keys of a source, one for each algorithm that fits.
   *
   * @throws KeyFault when there is none, or one is too weak
   */
  static List<VerificationKey> load(TokenKey key) {
    List<VerificationKey> keys =
        switch (key.source()) {
          case TokenKey.Source.Secret s ->
              secret(key, key.id(), s.text().getBytes(StandardCharsets.UTF_8));
          case TokenKey.Source.SecretFile s ->
              secret(key, key.id(), withoutLineEnd(read(s.path())));
          case TokenKey.Source.PublicKey s -> publicKey(key, key.id(), pem(s.pem()));
          case TokenKey.Source.PublicKeyFile s ->
              publicKey(key, key.id(), pem(new String(read(s.path()), StandardCharsets.US_ASCII)));
          case TokenKey.Source.KeySetFile s -> KeySet.keys(key, read(s.path()));
          case TokenKey.Source.KeySetUrl s -> KeySet.keys(key, KeySetClient.fetch(s.uri()));
        };
    if (keys.isEmpty()) {
      throw new KeyFault("there is no key for any of its algorithms");
    }
    return keys;
  }

  private static byte[] read(Path path) {
    try {
      if (Files.size(path) > MAX_FILE_BYTES) {
        throw new KeyFault("the file " + path + " is too large");
      }
      return Files.readAllBytes(path);
    } catch (IOException _) {
      throw new KeyFault("the file " + path + " can not be read");
    }
  }

  private static byte[] withoutLineEnd(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
      end--;
    }
    return java.util.Arrays.copyOf(bytes, end);
  }

  /** Keys of a shared secret. */
  static List<VerificationKey> secret(TokenKey key, String id, byte[] secret) {
    List<VerificationKey> keys = new ArrayList<>();
    for (Algorithm algorithm : key.algorithms()) {
      if (algorithm.kind() == Algorithm.Kind.SECRET) {
        if (secret.length * 8 < algorithm.bits()) {
          throw new KeyFault(
              "a secret for " + algorithm + " has at least " + algorithm.bits() / 8 + " bytes");
        }
        Jwk jwk =
            JwkOctet.create(
                Json.createObjectBuilder()
                    .add("kty", "oct")
                    .add("kid", id)
                    .add("alg", algorithm.name())
                    .add("k", Base64.getUrlEncoder().withoutPadding().encodeToString(secret))
                    .build());
        keys.add(new VerificationKey(algorithm, id, jwk, key));
      }
    }
    return keys;
  }

  /** Keys of a public key. */
  static List<VerificationKey> publicKey(TokenKey key, String id, PublicKey given) {
    List<VerificationKey> keys = new ArrayList<>();
    for (Algorithm algorithm : key.algorithms()) {
      if (given instanceof RSAPublicKey rsa && algorithm.kind() == Algorithm.Kind.RSA) {
        if (rsa.getModulus().bitLength() < algorithm.bits()) {
          throw new KeyFault("an RSA key has at least " + algorithm.bits() + " bits");
        }
        Jwk jwk = JwkRSA.builder().publicKey(rsa).keyId(id).algorithm(algorithm.name()).build();
        keys.add(new VerificationKey(algorithm, id, jwk, key));
      }
      if (given instanceof ECPublicKey ec
          && algorithm.kind() == Algorithm.Kind.ELLIPTIC
          && ec.getParams().getCurve().getField().getFieldSize() == algorithm.bits()) {
        Jwk jwk = JwkEC.builder().publicKey(ec).keyId(id).algorithm(algorithm.name()).build();
        keys.add(new VerificationKey(algorithm, id, jwk, key));
      }
    }
    return keys;
  }

  private static PublicKey pem(String pem) {
    try {
      if (pem.contains("-----BEGIN CERTIFICATE-----")) {
        return CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
            .getPublicKey();
      }
      String begin = "-----BEGIN PUBLIC KEY-----";
      int from = pem.indexOf(begin);
      int to = pem.indexOf("-----END PUBLIC KEY-----");
      if (from < 0 || to < from) {
        throw new KeyFault("the PEM text has neither a PUBLIC KEY nor a CERTIFICATE");
      }
      byte[] der = Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to).strip());
      return decoded(der);
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      throw new KeyFault("the PEM text is not a public key or certificate");
    }
  }

  private static PublicKey decoded(byte[] der) throws GeneralSecurityException {
    X509EncodedKeySpec spec = new X509EncodedKeySpec(der);
    try {
      return KeyFactory.getInstance("RSA").generatePublic(spec);
    } catch (GeneralSecurityException _) {
      return KeyFactory.getInstance("EC").generatePublic(spec);
    }
  }
}
