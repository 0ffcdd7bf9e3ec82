package io.edgepush.service.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.access.Action;
import io.edgepush.access.Credentials;
import io.edgepush.access.Principal;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import io.edgepush.service.access.ConfiguredAuthorizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/CONFIGURATION.md says what the service does. */
class ConfigurationDocumentTest {
  private static String document = "";

  @TempDir private Path directory;

  @BeforeAll
  static void read() throws IOException {
    document = Files.readString(Path.of("..", "docs", "CONFIGURATION.md"));
  }

  @Test
  void theTableHasEveryKeyAsItIs() {
    List<String> rows =
        document.lines().filter(l -> l.startsWith("| `") && l.contains("`PUSH_")).toList();
    assertEquals(Arrays.stream(Key.values()).map(ConfigurationDocumentTest::row).toList(), rows);
  }

  private static String row(Key key) {
    String fallback = key.fallback().isEmpty() ? "" : "`" + key.fallback() + "`";
    return String.join(
        " | ",
        "| `" + key.key() + "`",
        "`--" + key.key() + "`",
        "`" + key.environment() + "`",
        fallback,
        key.description() + " |");
  }

  @Test
  void theTablesOfTheListsHaveEveryKeyThatIsRead() {
    assertEquals(ConfigFile.NAMESPACE_KEYS, keys("key of a namespace"));
    assertEquals(AccessEntries.PUBLISHER_KEYS, keys("key of a publisher key"));
    assertEquals(AccessEntries.TOKEN_KEYS, keys("key of a token key"));
    assertEquals(ClientClassReader.KEYS, keys("key of a client class"));
  }

  private static Set<String> keys(String head) {
    Stream<String> rows = document.lines().dropWhile(l -> !l.startsWith("| " + head)).skip(2);
    return rows.takeWhile(l -> l.startsWith("|"))
        .map(l -> l.split("`")[1])
        .collect(Collectors.toSet());
  }

  @Test
  void theExampleIsReadAndMeansWhatItSays() throws IOException {
    ServiceConfig config = example();
    assertFalse(config.development());
    assertEquals("0.0.0.0", config.edge().host());
    assertEquals("10.0.0.7", config.privateHost());
    assertEquals(100_000, config.edge().maxConnections());
    assertEquals("redis.internal", config.redis().orElseThrow().uri().getHost());
    assertEquals(
        new Retention(Duration.ofMinutes(5), 100, 1 << 20), retention(config, "scores.eu.42"));
    assertEquals(
        new Retention(Duration.ofSeconds(10), 1_000, 65_536), retention(config, "presence.lobby"));
    assertEquals(
        new Retention(Duration.ofMinutes(5), 1_000, 1 << 20), retention(config, "orders.42"));
  }

  @Test
  void theExamplesKeysPublishAndOnlyItsOpenTopicsAreSubscribed() throws IOException {
    ServiceConfig config = example();
    ConfiguredAuthorizer authorizer =
        new ConfiguredAuthorizer(
            config.publisherKeys(), t -> config.namespaces().of(t).anonymousSubscribe());
    for (String key : List.of("billing-key-of-the-example", "next-key-of-the-example")) {
      assertTrue(document.contains(key));
      Principal publisher =
          authorizer.authenticate(new Credentials(Credentials.Role.PUBLISHER, key, "peer"));
      assertTrue(authorizer.permits(publisher, Action.PUBLISH, new Topic("orders.42")));
      boolean all = key.startsWith("next");
      assertEquals(all, authorizer.permits(publisher, Action.READ, new Topic("orders.42")));
      assertEquals(all, authorizer.permits(publisher, Action.PUBLISH, new Topic("scores.1")));
    }
    Principal anybody =
        authorizer.authenticate(new Credentials(Credentials.Role.SUBSCRIBER, "", "peer"));
    assertTrue(authorizer.permits(anybody, Action.SUBSCRIBE, new Topic("match:7")));
    assertFalse(authorizer.permits(anybody, Action.SUBSCRIBE, new Topic("presence.lobby")));
    assertFalse(authorizer.permits(anybody, Action.SUBSCRIBE, new Topic("orders.42")));
  }

  private ServiceConfig example() throws IOException {
    String yaml =
        document.substring(document.indexOf("```yaml\n") + 8, document.lastIndexOf("```"));
    Path file = Files.writeString(directory.resolve("example.yaml"), yaml);
    return ConfigReader.read(List.of("--config", file.toString()), Map.of());
  }

  private static Retention retention(ServiceConfig config, String topic) {
    return config.namespaces().of(new Topic(topic)).retention();
  }
}
