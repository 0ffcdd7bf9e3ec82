package io.edgepush.service.config;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Optional;

/**
 * The command line: {@code --key value} or {@code --key=value} for every {@link Key}, and {@code
 * --config FILE}.
 *
 * @param values by key
 * @param file the configuration file
 */
record Arguments(Map<Key, String> values, Optional<Path> file) {

  static Arguments parse(List<String> arguments) {
    Map<Key, String> values = new EnumMap<>(Key.class);
    Optional<Path> file = Optional.empty();
    ListIterator<String> rest = arguments.listIterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      if (!argument.startsWith("--")) {
        throw new ConfigurationException("'" + argument + "' is not an option; --help lists them");
      }
      int equals = argument.indexOf('=');
      String name = argument.substring(2, equals < 0 ? argument.length() : equals);
      boolean config = name.equals("config");
      Key key = Key.of(name).orElse(Key.MODE);
      if (!config && Key.of(name).isEmpty()) {
        throw new ConfigurationException("there is no option --" + name + "; --help lists them");
      }
      if (equals < 0 && !rest.hasNext()) {
        throw new ConfigurationException("--" + name + " needs a value");
      }
      String value = equals < 0 ? rest.next() : argument.substring(equals + 1);
      if (config) {
        file = Optional.of(Path.of(value));
      } else {
        values.put(key, value);
      }
    }
    return new Arguments(values, file);
  }
}
