package io.edgepush.service.lifecycle;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.config.Key;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.testing.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartTest {
  private static final Pattern READY = Pattern.compile("^ready in \\d+ ms$", Pattern.MULTILINE);

  @TempDir private Path directory;

  @Test
  void whatItPrintsCanBeOpened() throws IOException {
    try (ServiceProcess service = ServiceProcess.ready(directory)) {
      String out = service.out();
      assertTrue(READY.matcher(out).find(), out);
      assertTrue(out.startsWith("DEVELOPMENT MODE"), out);
      assertTrue(out.contains("backplane  memory of this node"), out);
      assertEquals("", service.err(), "nothing to complain about");
      int open = service.port("subscribe");
      int closed = service.port("publish");
      assertEquals(open, service.port("page"));
      assertEquals(200, status(open, "/subscribe?topic=a"));
      assertEquals(200, status(closed, "/v1/topics/a"));
      assertEquals(200, status(closed, "/health/ready"));
      assertEquals(200, status(closed, "/metrics"));
    }
  }

  @Test
  void aPortThatIsTakenIsSaidInOneLine() throws Exception {
    try (ServiceProcess first = ServiceProcess.ready(directory)) {
      int open = first.port("subscribe");
      int closed = first.port("publish");
      assertRefused(
          "port " + open + " of 127.0.0.1 is taken (is another node running?); use --port N",
          "--mode=development",
          "--port=" + open,
          "--private-port=0");
      assertRefused(
          "port "
              + closed
              + " of 127.0.0.1 is taken (is another node running?); use --private-port N",
          "--mode=development",
          "--port=0",
          "--private-port=" + closed);
      assertEquals(200, status(open, "/negotiate"), "the first one serves on");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port=http | --port has to be an integer from 0 to 65535, not 'http'",
        "--nonsense=1 | there is no option --nonsense; --help lists them",
        "--host=192.0.2.1 | development mode opens everything",
      })
  void aBadArgumentIsSaidInOneLine(String argument, String said) throws Exception {
    assertRefused(said, "--mode=development", argument);
  }

  @Test
  void anAddressOfAnotherMachineIsSaidInOneLine() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("edgepush.yaml"),
            "publisher-keys:\n  - name: a\n    sha256: \""
                + "a".repeat(64)
                + "\"\nnamespaces: [{name: o, patterns: [o], anonymous-subscribe: true}]\n");
    assertRefused(
        "port 0 of 192.0.2.1 can not be bound", "--config=" + file, "--host=192.0.2.1", "--port=0");
    assertRefused(
        "port 0 of 192.0.2.1 can not be bound",
        "--config=" + file,
        "--private-host=192.0.2.1",
        "--port=0",
        "--private-port=0");
  }

  @Test
  void helpListsEveryKey() throws Exception {
    try (ServiceProcess service = ServiceProcess.start(directory, "--help")) {
      assertEquals(0, service.exitCode());
      String out = service.out();
      for (Key key : Key.values()) {
        assertTrue(
            out.contains("--" + key.key() + " ") && out.contains(key.environment() + " "),
            key::key);
      }
    }
  }

  private void assertRefused(String said, String... arguments) throws Exception {
    try (ServiceProcess service = ServiceProcess.start(directory, arguments)) {
      int code = service.exitCode();
      String err = service.err();
      assertAll(
          () -> assertEquals(2, code),
          () -> assertTrue(err.startsWith("edgepush: " + said), err),
          () -> assertEquals(1, err.lines().count(), err),
          () -> assertEquals("", service.out()));
    }
  }

  private static int status(int port, String target) throws IOException {
    return LiveNode.exchange(port, HttpText.request("GET " + target)).status();
  }
}
