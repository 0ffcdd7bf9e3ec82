package io.edgepush.service.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  @TempDir private Path directory;

  @Test
  void anOptionBeatsTheEnvironmentThatBeatsTheFileThatBeatsTheDefault() throws IOException {
    Map<String, String> environment = Map.of("PUSH_PORT", "2", "PUSH_HEARTBEAT", "2s");
    String file = "port: 3\nheartbeat: 3s\nlinger: 3s\n";
    ServiceConfig config = read(environment, "--config=" + file(file), "--port=1");
    assertEquals(1, config.edge().port());
    assertEquals(Duration.ofSeconds(2), config.hub().heartbeat());
    assertEquals(Duration.ofSeconds(3), config.hub().linger());
    assertEquals(Duration.ofSeconds(5), config.drain());
  }

  @Test
  void theFileIsNamedByTheOptionOrElseByTheEnvironment() throws IOException {
    Map<String, String> environment = Map.of("PUSH_CONFIG", file("port: 1").toString());
    assertEquals(1, read(environment).edge().port());
    Path other = Files.writeString(directory.resolve("other.yaml"), "port: 2");
    assertEquals(2, read(environment, "--config", other.toString()).edge().port());
    assertEquals(8080, read(Map.of("PUSH_CONFIG", "")).edge().port());
  }

  @Test
  void withoutAFileTheEnvironmentMayHoldItsContent() throws IOException {
    Map<String, String> text = Map.of("PUSH_CONFIG_TEXT", "port: 1\nlinger: 3s\n");
    assertEquals(1, read(text).edge().port());
    assertEquals(Duration.ofSeconds(3), read(text, "--port=2").hub().linger());
    assertEquals(7, read(text, "--config=" + file("port: 7")).edge().port());
    assertEquals(8080, read(Map.of("PUSH_CONFIG_TEXT", "")).edge().port());
    ConfigurationException wrong =
        assertThrows(
            ConfigurationException.class, () -> read(Map.of("PUSH_CONFIG_TEXT", "nonsense: 1")));
    assertEquals("PUSH_CONFIG_TEXT: there is no key 'nonsense'", wrong.getMessage());
  }

  @Test
  void anOptionHasItsValueBehindASpaceOrAnEqualsSign() {
    assertEquals(7, read(Map.of(), "--port", "7").edge().port());
    assertEquals(7, read(Map.of(), "--port=7").edge().port());
  }

  @ParameterizedTest
  @EnumSource(Key.class)
  void everyDefaultIsPermittedWhenItIsGiven(Key key) {
    String mode = key == Key.MODE ? "--mode=development" : "--" + key.key() + "=" + key.fallback();
    assertEquals(read(Map.of()), read(Map.of(), mode));
  }

  @Test
  void thePrivateListenerHasTheAddressOfThePublicOneUnlessToldOtherwise() {
    assertEquals("127.0.0.1", read(Map.of()).privateHost());
    assertEquals("127.0.0.2", read(Map.of(), "--private-host=127.0.0.2").privateHost());
  }

  @Test
  void withoutRedisEventsAreInMemory() {
    assertTrue(read(Map.of()).redis().isEmpty());
    assertTrue(read(Map.of("PUSH_REDIS", "")).redis().isEmpty());
    assertEquals(
        "localhost",
        read(Map.of(), "--redis=redis://localhost").redis().orElseThrow().uri().getHost());
  }

  @Test
  void eventsAreReceivedFromTheSameRedisUnlessAReplicaIsNamed() {
    String redis = "--redis=redis://master";
    assertEquals("master", read(Map.of(), redis).redis().orElseThrow().subscribe().getHost());
    ServiceConfig.RedisSettings settings =
        read(Map.of(), redis, "--redis-subscribe=rediss://replica").redis().orElseThrow();
    assertEquals("master", settings.uri().getHost());
    assertEquals("replica", settings.subscribe().getHost());
  }

  @Test
  void linesForCloudWatchAreWrittenWhenAskedFor() {
    assertEquals(Duration.ZERO, read(Map.of()).emf().interval());
    ServiceConfig config = read(Map.of("PUSH_EMF_INTERVAL", "30s", "PUSH_EMF_SERVICE", "eu"));
    assertEquals(Duration.ofSeconds(30), config.emf().interval());
    assertEquals("eu", config.emf().service());
  }

  @Test
  void aNamespaceTakesFromTheDefaultWhatItDoesNotSay() throws IOException {
    String file =
        "retention-age: 1m\nretention-events: 10\nnamespaces:\n  - name: a\n    patterns: ['a.*']\n"
            + "    retention-events: 5\n    anonymous-subscribe: false\n";
    Namespaces namespaces = read(Map.of(), "--config=" + file(file)).namespaces();
    assertEquals(
        new Retention(Duration.ofMinutes(1), 5, 1 << 20),
        namespaces.of(new Topic("a.b")).retention());
    assertFalse(namespaces.of(new Topic("a.b")).anonymousSubscribe());
    assertEquals(
        new Retention(Duration.ofMinutes(1), 10, 1 << 20),
        namespaces.of(new Topic("a")).retention());
    assertTrue(namespaces.of(new Topic("a")).anonymousSubscribe(), "in development mode");
  }

  @Test
  void theFirstNamespaceThatMatchesCounts() throws IOException {
    String file =
        "namespaces:\n  - name: one\n    patterns: [a]\n  - name: two\n    patterns: ['**']\n";
    Namespaces namespaces = read(Map.of(), "--config=" + file(file)).namespaces();
    assertEquals("one", namespaces.of(new Topic("a")).name());
    assertEquals("two", namespaces.of(new Topic("b")).name());
  }

  @Test
  void productionWithoutKeysSaysWhichLinesToAdd() {
    String said = refusal(List.of("--mode=production"));
    assertTrue(said.contains("publisher-keys:\n  - name: backend\n    sha256: "), said);
    assertEquals(said, refusal(List.of()), "production is the default");
  }

  @Test
  void theLinesThatItSaysAreRead() throws IOException {
    String said = refusal(List.of());
    String lines =
        said.substring(said.indexOf("publisher-keys:")).replaceAll("<.*>", "a".repeat(64));
    ServiceConfig config = ConfigReader.read(List.of("--config=" + file(lines)), Map.of());
    assertFalse(config.development());
    assertEquals("backend", config.publisherKeys().getFirst().name());
    assertFalse(
        config.namespaces().of(new Topic("a")).anonymousSubscribe(), "nothing is open by itself");
  }

  @ParameterizedTest
  @CsvSource({
    "--host=0.0.0.0, --host",
    "--host=::, --host",
    "--private-host=0.0.0.0, --private-host"
  })
  void developmentIsRefusedWhereOthersCouldReachIt(String option, String named) {
    String said = refusal(List.of("--mode=development", option));
    assertTrue(said.contains("loopback") && said.contains(named + " 127.0.0.1"), said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.3.2.1", "localhost", "::1"})
  void developmentIsPermittedOnLoopback(String host) {
    assertEquals(host, read(Map.of(), "--host=" + host).edge().host());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://:s3cret@ho st",
        "http://:s3cret@host",
        "redis://:s3cret@",
        "redis://u:s3cret@h/x"
      })
  void thePasswordOfRedisIsNotInTheRefusal(String uri) throws IOException {
    String said = refusal(List.of("--mode=development", "--redis=" + uri));
    assertTrue(said.contains("--redis") && !said.contains("s3cret"), said);
    String inFile = refusal(List.of("--mode=development", "--config=" + file("redis: \"" + uri)));
    assertFalse(inFile.contains("s3cret"), inFile);
  }

  @Test
  void thePasswordOfRedisIsNotPrinted() {
    String printed = read(Map.of(), "--redis=redis://user:s3cret@localhost:1/0").toString();
    assertTrue(printed.contains("localhost") && !printed.contains("s3cret"), printed);
  }

  private static ServiceConfig read(Map<String, String> environment, String... options) {
    List<String> all = new ArrayList<>(List.of("--mode=development"));
    all.addAll(List.of(options));
    return ConfigReader.read(all, environment);
  }

  private static String refusal(List<String> options) {
    return assertThrows(ConfigurationException.class, () -> ConfigReader.read(options, Map.of()))
        .getMessage();
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("edgepush.yaml"), text);
  }
}
