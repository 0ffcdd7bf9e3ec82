package io.edgepush.service.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import me.normanmaurer.maven.autobahntestsuite.AutobahnTestSuite;
import org.json.simple.JSONObject;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.python.util.jython;

/**
 * Autobahn's fuzzing client against the engine: framing, fragmentation, UTF-8 and close handling of
 * RFC 6455. Its section 9, messages of up to 16 MiB, only with {@code -Dlong=true}. Its report is
 * in target/autobahn.
 */
final class AutobahnTest {
  private static final Set<String> GOOD = Set.of("OK", "INFORMATIONAL");
  private static final Path DIRECTORY = Path.of("target", "autobahn");

  @TestFactory
  Stream<DynamicTest> everyCaseIsStrictlyRight() throws Exception {
    Path reports = DIRECTORY.resolve("reports");
    Path index = reports.resolve("index.json");
    Files.createDirectories(reports);
    Files.deleteIfExists(index);
    try (EchoServer server = new EchoServer(false)) {
      String excluded = Boolean.getBoolean("long") ? "" : "'9.*'";
      run(script(reports, server.port(), excluded));
    }
    JsonNode cases = new ObjectMapper().readTree(index.toFile()).get("edgepush");
    assertTrue(cases.size() > 200, "cases run: " + cases.size());
    return cases
        .propertyStream()
        .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> assertGood(entry.getValue())));
  }

  private static String script(Path reports, int port, String excluded) {
    return """
        from autobahntestsuite import wstest
        wstest.start({'mode': 'fuzzingclient'}, {
          'failByDrop': False,
          'outdir': '%s',
          'servers': [{'agent': 'edgepush', 'url': 'ws://127.0.0.1:%d', 'options': {'version': 18}}],
          'cases': ['*'],
          'exclude-cases': [%s],
          'exclude-agent-cases': {}})
        """
        .formatted(reports.toAbsolutePath(), port, excluded);
  }

  private static void assertGood(JsonNode result) {
    assertTrue(GOOD.contains(result.get("behavior").asText()), result::toString);
    assertTrue(GOOD.contains(result.get("behaviorClose").asText()), result::toString);
  }

  /**
   * Runs Python on a JVM of its own that has nothing else on its class path: there Python's module
   * {@code io} would be taken for a Java package.
   */
  private static void run(String script) throws IOException, InterruptedException {
    Path file = Files.writeString(DIRECTORY.resolve("run.py"), script);
    String classPath =
        Stream.of(AutobahnTestSuite.class, jython.class, JSONObject.class)
            .map(c -> c.getProtectionDomain().getCodeSource().getLocation().getPath())
            .collect(Collectors.joining(File.pathSeparator));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process python =
        new ProcessBuilder(
                List.of(
                    java.toString(),
                    "-Dpython.cachedir.skip=true",
                    "-cp",
                    classPath,
                    "org.python.util.jython",
                    file.toString()))
            .redirectErrorStream(true)
            .redirectOutput(DIRECTORY.resolve("log").toFile())
            .start();
    try {
      assertTrue(python.waitFor(20, TimeUnit.MINUTES), "the suite came to its end");
      assertEquals(0, python.exitValue(), "see " + DIRECTORY.resolve("log"));
    } finally {
      python.destroyForcibly();
    }
  }
}
