package io.edgepush.service.config;

import io.edgepush.hub.Overflow;
import io.edgepush.model.ProblemException;
import io.edgepush.model.Retention;
import io.edgepush.model.TopicPattern;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.config.ConfigSources;
import io.helidon.config.spi.ConfigSource;
import io.helidon.config.yaml.YamlConfigParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A YAML file: keys with one value, {@code namespaces}, {@code publisher-keys} and {@code
 * token-keys}. Any other key is refused.
 */
final class ConfigFile {
  static final Set<String> NAMESPACE_KEYS =
      Set.of(
          "name",
          "patterns",
          "anonymous-subscribe",
          "retention-age",
          "retention-events",
          "retention-bytes",
          "overflow",
          "samples-per-second");
  private static final Set<String> LISTS =
      Set.of("namespaces", "publisher-keys", "token-keys", ClientClassReader.LIST);
  private static final int MOST_SAMPLES = 1_000;
  private static final Pattern PLACE = Pattern.compile("line \\d+, column \\d+");

  private final Path path;
  private final Config root;

  /**
   * Reads a file.
   *
   * @throws ConfigurationException when it can not be read
   */
  ConfigFile(Path path) {
    this(path, source(path));
  }

  /** The same from the text itself; the name stands for the file's in what is said about it. */
  ConfigFile(String name, String text) {
    this(Path.of(name), ConfigSources.create(text, MediaTypes.APPLICATION_X_YAML));
  }

  private ConfigFile(Path path, ConfigSource source) {
    this.path = path;
    try {
      this.root =
          Config.builder()
              .disableEnvironmentVariablesSource()
              .disableSystemPropertiesSource()
              .disableMapperServices()
              .disableFilterServices()
              .disableParserServices()
              .addParser(YamlConfigParser.create())
              .disableKeyResolving()
              .disableValueResolving()
              .addSource(source)
              .build();
    } catch (ConfigException e) {
      throw new ConfigurationException(
          "the configuration file " + path + " is not YAML with keys and values" + place(e));
    }
  }

  private static ConfigSource source(Path path) {
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new ConfigurationException("the configuration file " + path + " can not be read");
    }
    return ConfigSources.file(path).parser(YamlConfigParser.create()).build();
  }

  /**
   * Where the parser stopped. Its message is kept back: it shows the line, which may hold a
   * password.
   */
  private static String place(ConfigException e) {
    Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
    String last = "";
    while (place.find()) {
      last = ": see " + place.group();
    }
    return last;
  }

  /** Adds the keys with one value. */
  void offerTo(Values values) {
    for (Config child : root.asNodeList().orElse(List.of())) {
      String name = child.name();
      if (LISTS.contains(name)) {
        continue;
      }
      Key key =
          Key.of(name)
              .filter(_ -> child.isLeaf())
              .orElseThrow(
                  () -> new ConfigurationException(path + ": there is no key '" + name + "'"));
      values.offer(key, child.asString().orElse(""), "'" + name + "' in " + path);
    }
  }

  /** The namespaces; what one does not say, it takes from the fallback. */
  List<Namespace> namespaces(Namespace fallback) {
    List<Namespace> namespaces = new ArrayList<>();
    for (Config entry : entries("namespaces", NAMESPACE_KEYS)) {
      namespaces.add(namespace(entry, fallback));
    }
    return namespaces;
  }

  private Namespace namespace(Config entry, Namespace fallback) {
    String name = required(entry, "name");
    List<TopicPattern> patterns = patterns(entry.get("patterns"), "namespace '" + name + "'");
    if (patterns.isEmpty()) {
      throw new ConfigurationException(
          path + ": namespace '" + name + "' needs patterns: a list of at least one");
    }
    Retention retention =
        new Retention(
            optional(entry, "retention-age")
                .map(t -> age(name, t))
                .orElse(fallback.retention().age()),
            (int)
                bound(
                    entry,
                    name,
                    "retention-events",
                    fallback.retention().events(),
                    Integer.MAX_VALUE),
            bound(entry, name, "retention-bytes", fallback.retention().bytes(), Long.MAX_VALUE));
    boolean open =
        optional(entry, "anonymous-subscribe")
            .map(t -> flag(name, t))
            .orElse(fallback.anonymousSubscribe());
    return new Namespace(name, patterns, open, retention, overflow(entry, name));
  }

  private Overflow overflow(Config entry, String namespace) {
    String text = optional(entry, "overflow").orElse("disconnect");
    Overflow.Policy policy =
        Arrays.stream(Overflow.Policy.values())
            .filter(p -> p.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text))
            .findFirst()
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        path
                            + ": namespace '"
                            + namespace
                            + "': overflow has to be disconnect, latest, drop-oldest or sample, not '"
                            + text
                            + "'"));
    int samples = (int) bound(entry, namespace, "samples-per-second", 1, MOST_SAMPLES);
    return policy == Overflow.Policy.DISCONNECT
        ? Overflow.DISCONNECT
        : new Overflow(policy, Math.max(1, samples));
  }

  /** Where it is. */
  Path path() {
    return path;
  }

  /** A refusal of something in this file. */
  ConfigurationException wrong(String what) {
    return new ConfigurationException(path + ": " + what);
  }

  /** A list of patterns; empty when there is none. */
  List<TopicPattern> patterns(Config list, String where) {
    List<TopicPattern> patterns = new ArrayList<>();
    for (Config pattern : children(list, Config.Type.VALUE)) {
      try {
        patterns.add(new TopicPattern(pattern.asString().orElse("")));
      } catch (ProblemException e) {
        throw wrong(where + ": " + e.getMessage());
      }
    }
    return patterns;
  }

  List<Config> entries(String list, Set<String> known) {
    List<Config> entries = children(root.get(list), Config.Type.OBJECT);
    for (Config entry : entries) {
      for (Config child : entry.asNodeList().orElse(List.of())) {
        if (!known.contains(child.name())) {
          throw new ConfigurationException(
              path + ": " + list + ": there is no key '" + child.name() + "'");
        }
      }
    }
    return entries;
  }

  List<Config> children(Config list, Config.Type type) {
    if (!list.exists()) {
      return List.of();
    }
    List<Config> children =
        list.type() == Config.Type.LIST ? list.asNodeList().orElse(List.of()) : List.of(list);
    if (list.type() != Config.Type.LIST || children.stream().anyMatch(c -> c.type() != type)) {
      throw new ConfigurationException(
          path
              + ": "
              + list.key()
              + " has to be a list"
              + (type == Config.Type.OBJECT ? ", each entry with keys of its own" : " of texts"));
    }
    return children;
  }

  private Duration age(String namespace, String text) {
    return Durations.parse(text)
        .orElseThrow(
            () ->
                new ConfigurationException(
                    path
                        + ": namespace '"
                        + namespace
                        + "': retention-age has to be a time such as 2m, not '"
                        + text
                        + "'"));
  }

  private boolean flag(String namespace, String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new ConfigurationException(
          path
              + ": namespace '"
              + namespace
              + "': anonymous-subscribe has to be true or false, not '"
              + text
              + "'");
    }
    return text.equals("true");
  }

  long bound(Config entry, String namespace, String key, long fallback, long max) {
    String text = optional(entry, key).orElse(Long.toString(fallback));
    try {
      long bound = Long.parseLong(text);
      if (bound >= 0 && bound <= max) {
        return bound;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new ConfigurationException(
        path
            + ": namespace '"
            + namespace
            + "': "
            + key
            + " has to be an integer of at least 0, not '"
            + text
            + "'");
  }

  String required(Config entry, String key) {
    return optional(entry, key)
        .orElseThrow(
            () ->
                new ConfigurationException(
                    path + ": " + entry.key() + " needs the key '" + key + "'"));
  }

  Optional<String> optional(Config entry, String key) {
    Config value = entry.get(key);
    if (value.exists() && value.type() != Config.Type.VALUE) {
      throw new ConfigurationException(path + ": " + value.key() + " has one value");
    }
    return value.asString().asOptional().filter(text -> !text.isEmpty());
  }
}
