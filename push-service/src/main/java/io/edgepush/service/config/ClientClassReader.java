package io.edgepush.service.config;

import io.edgepush.service.limits.AddressBlock;
import io.edgepush.service.limits.ClientClass;
import io.edgepush.service.limits.Limit;
import io.edgepush.service.limits.LimitValues;
import io.helidon.config.Config;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The list {@code client-classes} of a configuration file. */
final class ClientClassReader {
  static final String LIST = "client-classes";
  static final Set<String> KEYS =
      Stream.concat(
              Stream.of("name", "addresses", "subjects"),
              Arrays.stream(Limit.values()).map(Limit::key))
          .collect(Collectors.toUnmodifiableSet());

  private static final int MOST = 1_000_000;

  private final ConfigFile file;

  ClientClassReader(ConfigFile file) {
    this.file = file;
  }

  /** The classes; what one does not say, it takes from the fallback. */
  List<ClientClass> read(LimitValues fallback) {
    List<ClientClass> classes = new ArrayList<>();
    for (Config entry : file.entries(LIST, KEYS)) {
      String name = file.required(entry, "name");
      List<String> subjects = texts(entry, "subjects");
      List<AddressBlock> addresses = new ArrayList<>();
      for (String text : texts(entry, "addresses")) {
        addresses.add(
            AddressBlock.parse(text)
                .orElseThrow(
                    () ->
                        file.wrong(
                            LIST + ": '" + text + "' is no address and no block of addresses")));
      }
      if (subjects.isEmpty() && addresses.isEmpty()) {
        throw file.wrong(LIST + ": '" + name + "' needs addresses or subjects");
      }
      Map<Limit, Integer> limits = new EnumMap<>(Limit.class);
      for (Limit limit : Limit.values()) {
        limits.put(limit, (int) file.bound(entry, name, limit.key(), fallback.of(limit), MOST));
      }
      classes.add(new ClientClass(name, addresses, subjects, new LimitValues(limits)));
    }
    return classes;
  }

  private List<String> texts(Config entry, String key) {
    return file.children(entry.get(key), Config.Type.VALUE).stream()
        .map(c -> c.asString().orElse(""))
        .filter(text -> !text.isEmpty())
        .toList();
  }
}
