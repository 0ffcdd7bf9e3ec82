package io.edgepush.service.config;

import io.edgepush.access.Action;
import io.edgepush.model.TopicPattern;
import io.edgepush.service.access.Algorithm;
import io.edgepush.service.access.PublisherKey;
import io.edgepush.service.access.TokenKey;
import io.helidon.config.Config;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The lists {@code publisher-keys} and {@code token-keys} of a configuration file.
 *
 * @param file the file
 */
record AccessEntries(ConfigFile file) {
  static final Set<String> PUBLISHER_KEYS = Set.of("name", "sha256", "topics", "actions");
  static final Set<String> TOKEN_KEYS =
      Set.of(
          "name",
          "algorithms",
          "id",
          "secret",
          "secret-file",
          "public-key",
          "public-key-file",
          "jwks-file",
          "jwks-url",
          "issuer",
          "audience");
  private static final List<String> SOURCES =
      List.of("secret", "secret-file", "public-key", "public-key-file", "jwks-file", "jwks-url");

  /** Who may publish. */
  List<PublisherKey> publisherKeys() {
    List<PublisherKey> keys = new ArrayList<>();
    for (Config entry : file.entries("publisher-keys", PUBLISHER_KEYS)) {
      String name = file.required(entry, "name");
      List<TopicPattern> topics =
          file.patterns(entry.get("topics"), "publisher-keys: '" + name + "'");
      try {
        keys.add(
            new PublisherKey(
                name,
                file.required(entry, "sha256"),
                PublisherKey.scope(
                    actions(entry, name),
                    topics.isEmpty() ? List.of(new TopicPattern("**")) : topics)));
      } catch (IllegalArgumentException e) {
        throw file.wrong("publisher-keys: " + e.getMessage());
      }
    }
    return keys;
  }

  private Set<Action> actions(Config entry, String name) {
    EnumSet<Action> actions = EnumSet.noneOf(Action.class);
    for (Config child : file.children(entry.get("actions"), Config.Type.VALUE)) {
      String text = child.asString().orElse("");
      actions.add(
          PublisherKey.ACTIONS.stream()
              .filter(a -> a.name().toLowerCase(Locale.ROOT).equals(text))
              .findFirst()
              .orElseThrow(
                  () ->
                      file.wrong(
                          "publisher-keys: '"
                              + name
                              + "': actions are publish, read, purge and revoke, not '"
                              + text
                              + "'")));
    }
    return actions.isEmpty() ? PublisherKey.USUAL : actions;
  }

  /** Whose tokens are accepted. */
  List<TokenKey> tokenKeys() {
    List<TokenKey> keys = new ArrayList<>();
    for (Config entry : file.entries("token-keys", TOKEN_KEYS)) {
      String name = file.required(entry, "name");
      List<String> sources = SOURCES.stream().filter(s -> entry.get(s).exists()).toList();
      if (sources.size() != 1) {
        throw wrong(name, "needs one of the keys " + String.join(", ", SOURCES));
      }
      Set<Algorithm> algorithms = algorithms(entry, name);
      String kind = sources.getFirst();
      boolean set = kind.startsWith("jwks");
      boolean secret = kind.startsWith("secret");
      if (!set && algorithms.stream().anyMatch(a -> a.name().startsWith("HS") != secret)) {
        throw wrong(name, kind + " does not go with its algorithms");
      }
      if (set && entry.get("id").exists()) {
        throw wrong(name, "the keys of a set have ids of their own");
      }
      keys.add(
          new TokenKey(
              name,
              file.optional(entry, "id").orElse(""),
              algorithms,
              source(entry, name, kind),
              file.optional(entry, "issuer").orElse(""),
              file.optional(entry, "audience").orElse("")));
    }
    return keys;
  }

  private Set<Algorithm> algorithms(Config entry, String name) {
    EnumSet<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
    for (Config child : file.children(entry.get("algorithms"), Config.Type.VALUE)) {
      String text = child.asString().orElse("");
      algorithms.add(
          Algorithm.of(text)
              .orElseThrow(() -> wrong(name, "there is no algorithm '" + text + "'")));
    }
    if (algorithms.isEmpty()) {
      throw wrong(name, "needs algorithms: a list such as [ES256]");
    }
    return algorithms;
  }

  private TokenKey.Source source(Config entry, String name, String kind) {
    String value = file.required(entry, kind);
    return switch (kind) {
      case "secret" -> new TokenKey.Source.Secret(value);
      case "secret-file" -> new TokenKey.Source.SecretFile(path(value));
      case "public-key" -> new TokenKey.Source.PublicKey(value);
      case "public-key-file" -> new TokenKey.Source.PublicKeyFile(path(value));
      case "jwks-file" -> new TokenKey.Source.KeySetFile(path(value));
      default -> new TokenKey.Source.KeySetUrl(url(name, value));
    };
  }

  /** Relative to where the configuration file lies. */
  private Path path(String value) {
    return file.path().toAbsolutePath().resolveSibling(value);
  }

  /** Over a network, only what TLS protects is the issuer's word. */
  private URI url(String name, String value) {
    try {
      URI uri = URI.create(value);
      String host = String.valueOf(uri.getHost());
      boolean local = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
      if (uri.getHost() != null
          && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()) && local)) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // said below
    }
    throw wrong(name, "jwks-url has to be an https:// URL");
  }

  private ConfigurationException wrong(String name, String what) {
    return file.wrong("token-keys: '" + name + "': " + what);
  }
}
