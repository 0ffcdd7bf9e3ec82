package io.edgepush.service.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A certificate with its chain, and its private key, in PEM.
 *
 * @param certificate the chain, the server's own first
 * @param key the key in PKCS #8, not encrypted
 */
public record PemFiles(Path certificate, Path key) {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final char[] NO_PASSWORD = {};

  /** What is in the files now, to see whether it changes. */
  List<byte[]> content() throws IOException {
    return List.of(Files.readAllBytes(certificate), Files.readAllBytes(key));
  }

  /**
   * Reads the files.
   *
   * @throws IllegalArgumentException says what is wrong, without any of the key
   */
  X509ExtendedKeyManager load() {
    byte[] chain = read(certificate);
    byte[] pem = read(key);
    try {
      Certificate[] certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(chain))
              .toArray(Certificate[]::new);
      if (certificates.length == 0) {
        throw new IllegalArgumentException(certificate + " holds no certificate");
      }
      PrivateKey secret = privateKey(new String(pem, StandardCharsets.US_ASCII));
      requirePair(certificates[0].getPublicKey(), secret);
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      store.setKeyEntry("server", secret, NO_PASSWORD, certificates);
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      for (KeyManager manager : factory.getKeyManagers()) {
        if (manager instanceof X509ExtendedKeyManager found) {
          return found;
        }
      }
      throw new IllegalStateException("no key manager for X.509");
    } catch (GeneralSecurityException | IOException _) {
      throw new IllegalArgumentException(certificate + " is not a chain of certificates in PEM");
    }
  }

  private static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException _) {
      throw new IllegalArgumentException(path + " can not be read");
    }
  }

  private PrivateKey privateKey(String pem) {
    int from = pem.indexOf(BEGIN);
    int to = pem.indexOf(END);
    if (from >= 0 && to > from) {
      PKCS8EncodedKeySpec spec =
          new PKCS8EncodedKeySpec(
              Base64.getMimeDecoder().decode(pem.substring(from + BEGIN.length(), to).strip()));
      for (String algorithm : List.of("EC", "RSA")) {
        try {
          return KeyFactory.getInstance(algorithm).generatePrivate(spec);
        } catch (GeneralSecurityException _) {
          // perhaps the other one
        }
      }
    }
    throw new IllegalArgumentException(
        key + " is not an RSA or EC key in PKCS #8; convert it by: openssl pkcs8 -topk8 -nocrypt");
  }

  private void requirePair(PublicKey open, PrivateKey secret) throws GeneralSecurityException {
    byte[] text = {1, 2, 3};
    String name = secret.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    boolean pair = false;
    if (open.getAlgorithm().equals(secret.getAlgorithm())) {
      Signature signature = Signature.getInstance(name);
      signature.initSign(secret);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(open);
      signature.update(text);
      pair = signature.verify(signed);
    }
    if (!pair) {
      throw new IllegalArgumentException(key + " is not the key of " + certificate);
    }
  }

  /** Whether two contents are the same. */
  static boolean same(List<byte[]> one, List<byte[]> other) {
    return one.size() == other.size()
        && Arrays.equals(one.getFirst(), other.getFirst())
        && Arrays.equals(one.getLast(), other.getLast());
  }
}
