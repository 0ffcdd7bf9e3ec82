package io.edgepush.testing;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * What nothing that the service writes may hold. Tokens are known by their form, whoever made them;
 * keys and passwords of tests are noted where they are made. Safe for any thread.
 */
public final class Secrets {
  /** Where a token begins: a header in base64url (RFC 7515 §7.1). */
  private static final String BEGIN = "eyJ";

  private static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}");
  private static final Pattern PARAMETER = Pattern.compile("access_token=[^\\s\"'&]");
  private static final String PRIVATE_KEY = "PRIVATE KEY-----";
  private static final int SHOWN = 500;
  private static final Set<String> NOTED = ConcurrentHashMap.newKeySet();

  private Secrets() {}

  /** Takes note of a secret; the secret. */
  public static String note(String secret) {
    if (secret.length() < 8) {
      throw new IllegalArgumentException("so short a secret would be found everywhere");
    }
    NOTED.add(secret);
    return secret;
  }

  /** Whether there is a secret in what was written. */
  public static boolean in(String written) {
    return written.contains(BEGIN) && TOKEN.matcher(written).find()
        || written.contains("access_token=") && PARAMETER.matcher(written).find()
        || written.contains(PRIVATE_KEY)
        || NOTED.stream().anyMatch(written::contains);
  }

  /**
   * Fails when there is a secret in what was written.
   *
   * @param where it was written
   */
  public static void requireNoneIn(String where, String written) {
    if (in(written)) {
      String shown = written.length() > SHOWN ? written.substring(0, SHOWN) + "…" : written;
      throw new AssertionError("a secret is in " + where + ": " + shown);
    }
  }
}
