package io.edgepush.service.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/RELIABILITY.md names tests that exist, and at least one for each promise. */
class ReliabilityDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "RELIABILITY.md");
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final Pattern NAME = Pattern.compile("`(\\w+Test)`");

  private static Set<String> named(String text) {
    return NAME.matcher(text).results().map(m -> m.group(1)).collect(Collectors.toSet());
  }

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    Set<String> missing = new TreeSet<>(named(Files.readString(DOCUMENT)));
    assertTrue(missing.size() > 10, missing::toString);
    try (Stream<Path> files = Files.walk(TESTS)) {
      files.map(f -> f.getFileName().toString().replace(".java", "")).forEach(missing::remove);
    }
    assertEquals(Set.of(), missing);
  }

  @Test
  void everyFaultTestIsNamed() throws IOException {
    Set<String> known = named(Files.readString(DOCUMENT));
    try (Stream<Path> files = Files.list(TESTS.resolve("io/edgepush/service/faults"))) {
      List<String> unnamed =
          files
              .map(f -> f.getFileName().toString().replace(".java", ""))
              .filter(name -> name.endsWith("Test") && !name.equals("ReliabilityDocumentTest"))
              .filter(name -> !known.contains(name))
              .toList();
      assertEquals(List.of(), unnamed);
    }
  }

  @Test
  void everyPromiseHasATest() throws IOException {
    List<String> rows =
        Files.readAllLines(DOCUMENT).stream()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| promise"))
            .toList();
    assertTrue(rows.size() >= 8, rows::toString);
    for (String row : rows) {
      assertTrue(!named(row).isEmpty() || row.endsWith("| all of these |"), row);
    }
  }
}
