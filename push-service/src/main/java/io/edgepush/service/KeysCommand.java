package io.edgepush.service;

import io.edgepush.model.ProblemException;
import io.edgepush.model.TopicPattern;
import io.edgepush.service.access.PublisherKey;
import io.edgepush.service.config.ConfigurationException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code keys new NAME}: makes a publisher's key, which is nowhere else than in what it prints. */
final class KeysCommand {
  private static final String USAGE =
      "usage: keys new NAME [--scope PATTERN]... [--action publish|read|purge|revoke]...";
  private static final int KEY_BYTES = 32;

  private KeysCommand() {}

  /**
   * What to print.
   *
   * @param arguments those behind {@code keys}
   * @throws ConfigurationException says what is wrong with them
   */
  static List<String> run(List<String> arguments) {
    if (arguments.size() < 2 || !arguments.getFirst().equals("new")) {
      throw new ConfigurationException(USAGE);
    }
    String name = arguments.get(1);
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")) {
      throw new ConfigurationException("a key's name has 1 to 64 letters, digits, _, . or -");
    }
    List<String> topics = new ArrayList<>();
    List<String> actions = new ArrayList<>();
    for (int i = 2; i < arguments.size(); i += 2) {
      String value = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
      switch (arguments.get(i)) {
        case "--scope" -> topics.add(pattern(value));
        case "--action" -> actions.add(action(value));
        default -> throw new ConfigurationException(USAGE);
      }
    }
    return lines(name, topics, actions);
  }

  private static String pattern(String value) {
    try {
      return new TopicPattern(value).text();
    } catch (ProblemException e) {
      throw new ConfigurationException("--scope: " + e.getMessage());
    }
  }

  private static String action(String value) {
    if (PublisherKey.ACTIONS.stream()
        .noneMatch(a -> a.name().toLowerCase(Locale.ROOT).equals(value))) {
      throw new ConfigurationException(
          "--action is publish, read, purge or revoke, not '" + value + "'");
    }
    return value;
  }

  private static List<String> lines(String name, List<String> topics, List<String> actions) {
    byte[] random = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(random);
    String key = "epk_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    List<String> lines = new ArrayList<>();
    lines.add("# The key, shown this once: " + key);
    lines.add("# Lines for the configuration file:");
    lines.add("publisher-keys:");
    lines.add("  - name: " + name);
    lines.add("    sha256: \"" + PublisherKey.sha256(key) + "\"");
    if (!topics.isEmpty()) {
      lines.add(
          "    topics: "
              + topics.stream()
                  .map(t -> "\"" + t + "\"")
                  .collect(Collectors.joining(", ", "[", "]")));
    }
    if (!actions.isEmpty()) {
      lines.add("    actions: " + actions);
    }
    return lines;
  }
}
