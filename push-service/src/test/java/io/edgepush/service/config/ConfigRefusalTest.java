package io.edgepush.service.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every refusal names the option, the variable or the key at fault. */
class ConfigRefusalTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "mode, staging",
    "host, no.such.invalid",
    "port, -1",
    "port, 65536",
    "port, http",
    "port, ''",
    "private-port, 70000",
    "private-host, no.such.invalid",
    "partitions, 0",
    "partitions, 16385",
    "heartbeat, 15",
    "heartbeat, 15 s",
    "heartbeat, 10ms",
    "heartbeat, -1s",
    "heartbeat, 1d",
    "heartbeat, 99999h",
    "outbox-bytes, 1000",
    "topics-per-connection, -1",
    "linger, soon",
    "max-connections, -1",
    "max-connections, 1e3",
    "request-timeout, 500ms",
    "drain, x",
    "retention-age, 2",
    "retention-events, -1",
    "retention-bytes, 99999999999999999999",
    "origins, app.example.com",
    "origins, https://app.example.com/path",
    "token-cookie, session",
    "token-leeway, 10",
    "token-warning, x",
    "token-key-refresh, 10ms",
  })
  void aValueIsRefusedByTheNameOfWhereItCameFrom(String key, String value) throws IOException {
    Map<String, String> none = Map.of();
    assertNames("--" + key + " ", refusal(none, "--" + key + "=" + value));
    String variable = "PUSH_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    assertNames(variable + " ", refusal(Map.of(variable, value)));
    assertNames("'" + key + "' in " + directory, inFile(key + ": \"" + value + "\"\n"));
  }

  @Test
  void settingsOfRedisAreLookedAtWhenThereIsOne() {
    String redis = "--redis=redis://localhost";
    assertNames("--redis-key-prefix ", refusal(Map.of(), redis, "--redis-key-prefix={x}"));
    assertNames("--redis-timeout ", refusal(Map.of(), redis, "--redis-timeout=1ms"));
    for (String wrong :
        List.of(
            redis + "/first",
            redis + ",other",
            redis + "#master",
            redis + "?sentinel-user=u",
            "--redis=localhost:6379",
            "--redis=http://localhost",
            "--redis=redis-sentinel://a,b",
            "--redis=redis-sentinel://a,b?timeout=1#master",
            "--redis=redis-cluster://a,b/1",
            "--redis=redis-cluster://a,:6379")) {
      assertNames("--redis: ", refusal(Map.of(), wrong));
    }
    assertNames(
        "--redis-subscribe: ",
        refusal(Map.of(), "--redis=redis-cluster://a,b", "--redis-subscribe=redis://replica"));
    assertNames(
        "--redis-subscribe: ", refusal(Map.of(), redis, "--redis-subscribe=redis-cluster://a,b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--ports=1", "--Port=1", "--=1", "--"})
  void anUnknownOptionIsRefused(String option) {
    String name = option.contains("=") ? option.substring(0, option.indexOf('=')) : option;
    assertNames("there is no option " + name, refusal(Map.of(), option));
  }

  @ParameterizedTest
  @ValueSource(strings = {"8080", "-p", "start"})
  void whatIsNoOptionIsRefused(String argument) {
    assertNames("'" + argument + "' is not an option", refusal(Map.of(), argument));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--port", "--config"})
  void anOptionWithoutValueIsRefused(String option) {
    assertNames(option + " needs a value", refusal(Map.of(), option));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      ports: 1                                                     | there is no key 'ports'
      host: {a: b}                                                 | there is no key 'host'
      port: [1]                                                    | there is no key 'port'
      a.b: 1                                                       | there is no key 'a'
      namespaces: x                                                | namespaces has to be a list
      namespaces: {name: a}                                        | namespaces has to be a list
      namespaces: [a]                                              | namespaces has to be a list
      namespaces: [{patterns: [a]}]                                | namespaces.0 needs the key 'name'
      namespaces: [{name: '', patterns: [a]}]                      | namespaces.0 needs the key 'name'
      namespaces: [{name: [a], patterns: [a]}]                     | namespaces.0.name has one value
      namespaces: [{name: n}]                                      | namespace 'n' needs patterns
      namespaces: [{name: n, patterns: []}]                        | namespace 'n' needs patterns
      namespaces: [{name: n, patterns: a}]                         | namespaces.0.patterns has to be a list
      namespaces: [{name: n, patterns: [{a: b}]}]                  | namespaces.0.patterns has to be a list
      namespaces: [{name: n, patterns: [a b]}]                     | namespace 'n': a pattern
      namespaces: [{name: n, patterns: [a], colour: red}]          | namespaces: there is no key 'colour'
      namespaces: [{name: n, patterns: [a], retention-age: 2}]     | namespace 'n': retention-age
      namespaces: [{name: n, patterns: [a], retention-events: -1}] | namespace 'n': retention-events
      namespaces: [{name: n, patterns: [a], retention-bytes: x}]   | namespace 'n': retention-bytes
      namespaces: [{name: n, patterns: [a], anonymous-subscribe: 1}] | namespace 'n': anonymous-subscribe
      publisher-keys: x                                            | publisher-keys has to be a list
      publisher-keys: {name: a}                                    | publisher-keys has to be a list
      publisher-keys: [{name: a}]                                  | publisher-keys.0 needs the key 'sha256'
      publisher-keys: [{name: a, sha256: abc}]                     | publisher-keys: a publisher key has
      publisher-keys: [{name: a, key: abc}]                        | publisher-keys: there is no key 'key'
      publisher-keys: [{name: a, sha256: abc, topics: [a b]}]      | publisher-keys: 'a': a pattern
      publisher-keys: [{name: a, sha256: abc, actions: [own]}]     | publisher-keys: 'a': actions are
      token-keys: [{name: a}]                                      | token-keys: 'a': needs one of the keys
      token-keys: [{name: a, secret: x, secret-file: y}]           | token-keys: 'a': needs one of the keys
      token-keys: [{name: a, secret: x}]                           | token-keys: 'a': needs algorithms
      token-keys: [{name: a, secret: x, algorithms: [none]}]       | token-keys: 'a': there is no algorithm 'none'
      token-keys: [{name: a, secret: x, algorithms: [hs256]}]      | token-keys: 'a': there is no algorithm 'hs256'
      token-keys: [{name: a, secret: x, algorithms: [HS256, RS256]}] | token-keys: 'a': secret does not go with
      token-keys: [{name: a, public-key: x, algorithms: [HS256]}]  | token-keys: 'a': public-key does not go with
      token-keys: [{name: a, jwks-file: x, id: b, algorithms: [RS256]}] | token-keys: 'a': the keys of a set
      token-keys: [{name: a, jwks-url: 'http://a.example', algorithms: [RS256]}] | token-keys: 'a': jwks-url
      """)
  void aFileIsRefusedByTheKeyAtFault(String yaml, String said) throws IOException {
    String refusal = inFile(yaml + "\n");
    assertNames(said, refusal);
    assertNames(directory.toString(), refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- a\n",
        "word\n",
        "a: [\n",
        "a:\n\tb: 1\n",
        "port: 1\n---\nport: 2\n",
        "!!java.net.URL [a]\n"
      })
  void whatIsNotYamlWithKeysIsRefusedInOneLine(String text) throws IOException {
    String said = inFile(text);
    assertNames("is not YAML with keys and values", said);
    assertEquals(1, said.lines().count(), said);
  }

  @Test
  void anEmptyFileSaysNothing() throws IOException {
    Path file = Files.writeString(directory.resolve("empty.yaml"), "# nothing\n");
    assertEquals(
        ConfigReader.read(List.of("--mode=development"), Map.of()),
        ConfigReader.read(List.of("--mode=development", "--config=" + file), Map.of()));
  }

  @Test
  void aFileThatCanNotBeReadIsRefused() throws IOException {
    assertNames(
        "can not be read", refusal(Map.of(), "--config=" + directory.resolve("missing.yaml")));
    assertNames("can not be read", refusal(Map.of(), "--config=" + directory));
    Path binary =
        Files.write(directory.resolve("binary.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
    assertNames("is not YAML", refusal(Map.of(), "--config=" + binary));
  }

  @Test
  void nothingIsFilledInFromElsewhere() throws IOException {
    assertNames(
        "redis-key-prefix",
        inFile("redis: redis://localhost\nredis-key-prefix: ${host}\nhost: localhost\n"));
  }

  private static void assertNames(String part, String said) {
    assertTrue(said.contains(part), said);
  }

  private String inFile(String text) throws IOException {
    Path file = directory.resolve("edgepush.yaml");
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    // the variable would beat the file
    Map<String, String> environment =
        text.startsWith("mode") ? Map.of() : Map.of("PUSH_MODE", "development");
    return refusalOf(environment, "--config=" + file);
  }

  private static String refusal(Map<String, String> environment, String... options) {
    Map<String, String> all = new HashMap<>(environment);
    all.putIfAbsent("PUSH_MODE", "development");
    return refusalOf(all, options);
  }

  private static String refusalOf(Map<String, String> environment, String... options) {
    return assertThrows(
            ConfigurationException.class, () -> ConfigReader.read(List.of(options), environment))
        .getMessage();
  }
}
