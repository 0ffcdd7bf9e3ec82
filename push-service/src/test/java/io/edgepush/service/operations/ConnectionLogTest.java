package io.edgepush.service.operations;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.ClientFrame;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawWebSocket;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The end of a connection is one line in the log, with its reason. */
class ConnectionLogTest {
  private final Logger log = Logger.getLogger("io.edgepush");
  private final Logger sessions = Logger.getLogger("io.edgepush.hub");
  private final Lines lines = new Lines();
  private LiveNode node;

  private static final class Lines extends Handler {
    private final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord entry) {
      if (entry.getLevel().intValue() >= Level.INFO.intValue()) {
        all.add(entry.getLevel() + " " + new SimpleFormatter().formatMessage(entry));
      }
    }

    @Override
    public void flush() {
      // nothing is kept back
    }

    @Override
    public void close() {
      // nothing is held
    }
  }

  @BeforeEach
  void start() throws IOException {
    node = LiveNode.development();
    sessions.setLevel(Level.INFO); // other tests have it quieter
    log.addHandler(lines);
  }

  @AfterEach
  void stop() {
    node.close();
    log.removeHandler(lines);
    sessions.setLevel(Level.WARNING);
  }

  static Stream<Arguments> ends() {
    return Stream.of(
        Arguments.of(new byte[0], "gone"),
        Arguments.of(ClientFrame.close(1000), "normal"),
        Arguments.of(ClientFrame.unmasked(0x81), "bad-frame"),
        Arguments.of(ClientFrame.of(0x82), "binary-not-accepted"),
        Arguments.of(ClientFrame.of(0x81, (byte) 0xff), "bad-utf8"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("ends")
  void oneLineSaysWhoEndedAndWhy(byte[] last, String reason) throws IOException {
    String session;
    try (RawWebSocket socket = new RawWebSocket(node.port(), "?topic=a&access_token=secret")) {
      session = socket.next("welcome").path("session").asText();
      socket.send(last);
      if (last.length > 0) {
        socket.closed();
      }
    }
    // a connection of the test before may end as late as now
    String own = session;
    await().until(() -> lines.all.stream().anyMatch(l -> l.contains(own)));
    String begin =
        "INFO session "
            + session
            + " ended: "
            + reason
            + ", transport websocket, subject anonymous, peer 127.0.0.1, after ";
    assertTrue(lines.all.stream().anyMatch(l -> l.startsWith(begin)), lines.all::toString);
    // a line of its own for the next connection shows that there is no second one of this
    new RawWebSocket(node.port(), "").close();
    await().until(() -> lines.all.size() >= 2);
    assertEquals(1, lines.all.stream().filter(l -> l.contains(own)).count(), lines.all::toString);
    assertTrue(lines.all.stream().noneMatch(l -> l.contains("secret")), "a token is never logged");
  }

  @Test
  void badInputIsNoReasonForWarnings() throws IOException {
    LiveNode.exchange(
        node.port(), "nonsense\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    LiveNode.exchange(
        node.privatePort(),
        "nonsense\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    try (RawWebSocket socket = new RawWebSocket(node.port(), "")) {
      socket.send("nonsense");
      socket.next("error");
    }
    await().until(() -> !lines.all.isEmpty());
    assertTrue(
        lines.all.stream().allMatch(l -> l.startsWith("INFO session ")), lines.all::toString);
  }
}
