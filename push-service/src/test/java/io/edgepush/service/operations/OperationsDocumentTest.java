package io.edgepush.service.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.testing.RedisServer;
import io.edgepush.service.testing.TestNode;
import io.edgepush.service.testing.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** docs/OPERATIONS.md names metrics that there are, and all that are ours. */
class OperationsDocumentTest {
  @RegisterExtension static final RedisServer REDIS = new RedisServer();

  private static final Pattern METRIC =
      Pattern.compile("\\b(?:push|process|jvm|resilience4j)_[a-z0-9_]+");

  private static Set<String> named = Set.of();
  private static Set<String> scraped = Set.of();

  @BeforeAll
  static void scrape(@TempDir Path directory) throws IOException {
    String document = Files.readString(Path.of("..", "docs", "OPERATIONS.md"));
    named =
        METRIC
            .matcher(document)
            .results()
            .map(match -> match.group())
            .collect(Collectors.toCollection(TreeSet::new));
    // with all that a configuration can add
    Path file =
        Files.writeString(
            directory.resolve("edgepush.yaml"),
            """
            mode: production
            token-keys: [{name: t, algorithms: [HS256], secret: "%s"}]
            """
                .formatted(Tokens.SECRET));
    try (TestNode node =
        TestNode.start(REDIS, "operations", "--mode=production", "--config=" + file)) {
      String text = LiveNode.exchange(node.privatePort(), HttpText.request("GET /metrics")).text();
      scraped = PrometheusText.parse(text).types().keySet();
    }
  }

  @Test
  void eachMetricThatItNamesIsThere() {
    Set<String> missing = new TreeSet<>(named);
    missing.removeAll(scraped);
    assertEquals(Set.of(), missing);
    assertTrue(named.size() > 40, named::toString);
  }

  @Test
  void eachMetricOfOursIsNamed() {
    Set<String> unnamed =
        scraped.stream()
            .filter(name -> name.startsWith("push_"))
            .collect(Collectors.toCollection(TreeSet::new));
    unnamed.removeAll(named);
    unnamed.removeIf(
        name -> name.endsWith("_max") && named.contains(name.replaceFirst("_max$", "")));
    assertEquals(Set.of(), unnamed);
  }
}
