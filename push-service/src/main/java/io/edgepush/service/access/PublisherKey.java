package io.edgepush.service.access;

import io.edgepush.access.Action;
import io.edgepush.access.Grants;
import io.edgepush.model.TopicPattern;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A publisher's API key, as configuration has it.
 *
 * @param name names the key in logs
 * @param sha256 the key's SHA-256 in lower-case hexadecimal
 * @param grants what may be done with it
 */
public record PublisherKey(String name, String sha256, Grants grants) {
  /** What can be done with a key at all. */
  public static final Set<Action> ACTIONS =
      Set.of(Action.PUBLISH, Action.READ, Action.PURGE, Action.REVOKE);

  /** What can be done with a key of which nothing is said; revoking has to be named. */
  public static final Set<Action> USUAL = Set.of(Action.PUBLISH, Action.READ, Action.PURGE);

  /** Checks the form. */
  public PublisherKey {
    if (name.isEmpty() || !sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "a publisher key has a name and a sha256 of 64 lower-case hexadecimal digits");
    }
  }

  /** A key for everything usual. */
  public PublisherKey(String name, String sha256) {
    this(name, sha256, scope(USUAL, List.of(new TopicPattern("**"))));
  }

  /** These actions with these topics. */
  public static Grants scope(Set<Action> actions, List<TopicPattern> topics) {
    Map<Action, List<TopicPattern>> patterns = new EnumMap<>(Action.class);
    actions.forEach(action -> patterns.put(action, topics));
    return new Grants(patterns);
  }

  /** Whether this is the key; takes the same time whether it is or not. */
  boolean is(byte[] presentedSha256) {
    return MessageDigest.isEqual(HexFormat.of().parseHex(sha256), presentedSha256);
  }

  /** What configuration has of a key. */
  public static String sha256(String key) {
    return HexFormat.of().formatHex(hash(key));
  }

  /** The SHA-256 of what is presented. */
  static byte[] hash(String presented) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(presented.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
