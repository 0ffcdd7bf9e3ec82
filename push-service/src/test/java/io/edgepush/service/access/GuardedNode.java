package io.edgepush.service.access;

import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawWebSocket;
import io.edgepush.service.testing.Tokens;
import io.edgepush.testing.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A node in production mode that accepts tokens of {@link Tokens#hs256}. */
final class GuardedNode implements AutoCloseable {
  /** A publisher's key for everything. */
  static final String KEY = Secrets.note("key-of-the-tests");

  /** The headers of a WebSocket handshake, apart from Host. */
  static final String WEB_SOCKET =
      RawWebSocket.HANDSHAKE.replace("Host: localhost\r\n", "").strip();

  private final LiveNode node;

  private GuardedNode(LiveNode node) {
    this.node = node;
  }

  /** A configuration with these lines and publisher keys besides. */
  static String lines(String more, String publisherKeys) {
    return """
        token-keys:
          - {name: test, algorithms: [HS256], secret: "%s"}
        publisher-keys:
          - {name: all, sha256: "%s"}
        %s
        """
            .formatted(Tokens.SECRET, PublisherKey.sha256(KEY), publisherKeys)
        + more
        + "\n";
  }

  /** Starts one with these lines besides. */
  static GuardedNode start(Path directory, String more) throws IOException {
    return start(directory, more, "");
  }

  /** Starts one with these lines and publisher keys besides. */
  static GuardedNode start(Path directory, String more, String publisherKeys) throws IOException {
    Path file = directory.resolve("edgepush.yaml");
    return new GuardedNode(
        LiveNode.production(Files.writeString(file, lines(more, publisherKeys))));
  }

  /** Starts one with this configuration. */
  static GuardedNode of(Path directory, String all) throws IOException {
    Path file = Files.writeString(directory.resolve("edgepush.yaml"), all);
    return new GuardedNode(LiveNode.production(file));
  }

  int port() {
    return node.port();
  }

  int privatePort() {
    return node.privatePort();
  }

  HttpAnswer get(String target, String... headers) throws IOException {
    return node.get(target, headers);
  }

  HttpAnswer post(int port, String path, String body, String... headers) throws IOException {
    return LiveNode.exchange(port, HttpText.withBody("POST " + path, body, headers));
  }

  /** Writes the configuration anew. */
  static void rewrite(Path directory, String all) throws IOException {
    Path next = Files.writeString(directory.resolve("next.yaml"), all);
    Files.move(
        next,
        directory.resolve("edgepush.yaml"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** The value of a meter, with its tags as they are exposed; 0 when there is none. */
  double meter(String name) throws IOException {
    return LiveNode.exchange(privatePort(), HttpText.request("GET /metrics"))
        .text()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .sum();
  }

  /** Publishes with a key or token. */
  HttpAnswer publish(String key, String topic) throws IOException {
    return post(
        privatePort(),
        "/v1/events",
        "{\"topic\":\"" + topic + "\",\"data\":1}",
        "Content-Type: application/json",
        "Authorization: Bearer " + key);
  }

  /** A token for bob of an hour. */
  static String token(String more) {
    return Tokens.hs256(Tokens.claims("bob", 3_600, more));
  }

  @Override
  public void close() {
    node.close();
  }
}
