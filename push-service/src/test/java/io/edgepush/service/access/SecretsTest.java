package io.edgepush.service.access;

import static io.edgepush.service.input.ClientFrame.CLOSE;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.RawConnection;
import io.edgepush.service.input.RawWebSocket;
import io.edgepush.service.testing.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that the service logs or answers holds a secret, whatever is done to it. */
class SecretsTest {
  private static final String SSE = "Accept: text/event-stream";
  private static final Logger ROOT = Logger.getLogger("");

  /** Held, so that their levels stay. */
  private static final List<Logger> OURS =
      List.of(Logger.getLogger("io.edgepush"), Logger.getLogger("io.edgepush.hub"));

  private final Queue<String> written = new ConcurrentLinkedQueue<>();
  private final List<String> secrets =
      new ArrayList<>(List.of(GuardedNode.KEY, Tokens.SECRET, "a-guess-of-a-key"));
  private final Handler recorder =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          written.add(new SimpleFormatter().format(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @TempDir private Path directory;

  private GuardedNode node;
  private List<Optional<Level>> before = List.of();

  @BeforeEach
  void start() throws IOException {
    recorder.setLevel(Level.ALL);
    ROOT.addHandler(recorder);
    node = GuardedNode.start(directory, "token-cookie: __Host-push\ntoken-leeway: 0s");
    before = OURS.stream().map(logger -> Optional.ofNullable(logger.getLevel())).toList();
    OURS.forEach(logger -> logger.setLevel(Level.ALL));
  }

  @AfterEach
  void stop() {
    node.close();
    ROOT.removeHandler(recorder);
    for (int i = 0; i < before.size(); i++) {
      OURS.get(i).setLevel(before.get(i).orElse(null));
    }
  }

  private String secret(String token) {
    secrets.add(token);
    String[] parts = token.split("\\.");
    if (parts.length == 3) {
      secrets.add(parts[1]);
      secrets.add(parts[2]);
    }
    return token;
  }

  @Test
  void noSecretIsWrittenAnywhere() throws IOException {
    String good = secret(GuardedNode.token("\"subscribe\":\"a\",\"jti\":\"1\""));
    List<String> tokens =
        List.of(
            good,
            secret(Tokens.hs256(Tokens.claims("bob", -60, "\"subscribe\":\"a\""))),
            secret(Tokens.hs256("{\"sub\":\"eve\",\"exp\":true}")),
            secret(good.substring(0, good.length() - 9)),
            secret("not-a-token-but-secret"));
    for (String token : tokens) {
      subscribe(token);
      publish(token);
      refresh(token);
    }
    publish(GuardedNode.KEY);
    publish("a-guess-of-a-key");
    cut(good);
    endWith(secret(Tokens.hs256(Tokens.claims("bob", 2, "\"subscribe\":\"a\""))));
    reload();
    written.add(answered(node.privatePort(), "GET /metrics"));
    written.add(answered(node.privatePort(), "GET /health/ready"));
    assertTrue(written.stream().anyMatch(line -> line.contains("unauthenticated")));
    assertTrue(written.stream().anyMatch(line -> line.contains("session ")), "logs are seen");
    for (String line : written) {
      for (String secret : secrets) {
        assertFalse(line.contains(secret), () -> secret + " is in: " + line);
      }
    }
  }

  private void subscribe(String token) throws IOException {
    for (String target :
        List.of(
            "/subscribe?topic=a&wait=0&access_token=" + token,
            "/subscribe?topic=b&access_token=" + token,
            "/subscribe?topic=a&cursor=x&access_token=" + token,
            "/subscribe?access_token=" + token,
            "/subscribe?topic=%zz&access_token=" + token,
            "/subscribe?topic=a&access_token=" + token + "&access_token=" + token,
            "/nothing?access_token=" + token,
            "/subscribe?topic=a b&access_token=" + token)) {
      written.add(answered(node.port(), "GET " + target));
      written.add(answered(node.port(), "POST " + target));
      written.add(answered(node.port(), "GET " + target, GuardedNode.WEB_SOCKET));
    }
    written.add(answered(node.port(), "GET /subscribe?topic=b", "Authorization: Bearer " + token));
    written.add(answered(node.port(), "GET /subscribe?topic=b", "Authorization: Basic " + token));
    written.add(
        answered(
            node.port(),
            "GET /subscribe?topic=b",
            "Cookie: __Host-push=" + token,
            "Origin: http://localhost"));
    try (RawWebSocket socket = new RawWebSocket(node.port(), "")) {
      socket.send("{\"type\":\"auth\",\"ref\":1,\"token\":\"" + token + "\"}");
      socket.send("{\"type\":\"auth\",\"ref\":1,\"token\":\"" + token + "\",\"x\":1}");
      socket.send("{\"type\":\"auth\",\"ref\":1,\"token\":\"" + token);
      socket.send(
          "{\"type\":\"subscribe\",\"ref\":1,\"cursor\":\"" + token + "\",\"topics\":[\"a\"]}");
      socket.send("{\"type\":\"ping\",\"ref\":2}");
      RawWebSocket.ServerFrame frame = socket.nextFrame();
      while (frame.opcode() != CLOSE && !frame.text().contains("\"ref\":2")) {
        written.add(frame.text());
        frame = socket.nextFrame();
      }
      written.add(frame.closeReason());
    }
  }

  private void publish(String key) throws IOException {
    written.add(node.publish(key, "a").toString() + node.publish(key, "a").text());
    written.add(answered(node.privatePort(), "GET /v1/topics/a", "X-API-Key: " + key));
    written.add(answered(node.privatePort(), "GET /v1/topics/a?key=" + key));
    written.add(answered(node.privatePort(), "GET /v1/topics/a", "Authorization: Basic " + key));
  }

  private void refresh(String token) throws IOException {
    for (String body :
        List.of(
            "{\"session\":\"abc\",\"token\":\"" + token + "\"}",
            "{\"session\":\"abc\",\"token\":\"" + token,
            "{\"session\":1,\"token\":\"" + token + "\"}")) {
      written.add(node.post(node.port(), "/auth", body).text());
    }
  }

  /** A stream that is broken off while it is written to. */
  private void cut(String token) throws IOException {
    try (RawConnection stream = new RawConnection(node.port())) {
      stream.send(
          "GET /subscribe?topic=a&access_token="
              + token
              + " HTTP/1.1\r\nHost: x\r\n"
              + SSE
              + "\r\n\r\n");
      written.add(stream.nextUpTo("subscribed"));
    }
    node.publish(GuardedNode.KEY, "a");
  }

  private void endWith(String token) throws IOException {
    try (RawWebSocket socket = new RawWebSocket(node.port(), "?topic=a&access_token=" + token)) {
      socket.rest().forEach(frame -> written.add(frame.text()));
    }
  }

  /** A configuration with something wrong in a line that holds a secret. */
  private void reload() throws IOException {
    for (String lines :
        List.of(
            "token-keys: [{name: a, algorithms: [HS256], secret: \""
                + Tokens.SECRET
                + "\", x: 1}]\n",
            "token-keys: [{name: a, algorithms: [HS256], secret: \"" + Tokens.SECRET + "\n",
            "token-keys: [{name: a, algorithms: [RS256], public-key: \""
                + Tokens.SECRET
                + "\"}]\n")) {
      long warnings = warnings();
      GuardedNode.rewrite(directory, lines);
      await().until(() -> warnings() > warnings);
    }
  }

  private long warnings() {
    return written.stream()
        .filter(line -> line.contains("the configuration has changed but is wrong"))
        .count();
  }

  private static String answered(int port, String line, String... headers) throws IOException {
    try (RawConnection connection = new RawConnection(port)) {
      byte[] request = HttpText.request(line, headers);
      connection.send(new String(request, StandardCharsets.ISO_8859_1));
      var answer = connection.nextAnswer();
      return answer.headers() + answer.text();
    }
  }
}
