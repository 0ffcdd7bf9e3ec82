package io.edgepush.service.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgepush.model.Topic;
import io.edgepush.service.Node;
import io.edgepush.service.config.ConfigReader;
import io.edgepush.service.config.ConfigWatch;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawWebSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A changed configuration file holds for connections that are open already. */
class ReloadTest {
  @TempDir private Path directory;
  private Path file;
  private Node node;
  private ConfigWatch watch;

  @BeforeEach
  void start() throws IOException {
    file = Files.writeString(directory.resolve("node.yaml"), "messages-per-second: 0\n");
    List<String> options =
        List.of("--mode=development", "--port=0", "--private-port=0", "--config=" + file);
    node = new Node(ConfigReader.read(options, Map.of()));
    node.start();
    watch = new ConfigWatch(file, () -> ConfigReader.read(options, Map.of()), node::reload);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private void change(String yaml) throws IOException {
    Files.writeString(file, yaml);
    watch.run();
  }

  @Test
  void aMessageLimitHoldsForAnOpenConnection() throws IOException {
    try (RawWebSocket socket = new RawWebSocket(node.port(), "")) {
      change("messages-per-second: 1\n");
      assertEquals(1, watch.reloads().sum());
      for (int i = 0; i < 3; i++) {
        socket.send("{\"type\":\"ping\"}");
      }
      assertEquals(4101, socket.closed().closeCode());
    }
  }

  @Test
  void aRateAndAPolicyHoldForAnOpenSubscription() throws IOException {
    try (RawWebSocket socket = new RawWebSocket(node.port(), "?topic=a")) {
      socket.next("subscribed");
      change(
          """
          deliveries-per-second: 1
          namespaces:
            - name: all
              patterns: ["**"]
              overflow: latest
          """);
      for (int i = 0; i < 50; i++) {
        publish(i);
      }
      assertEquals("overflow", socket.next("gap").path("reason").asText());
      change("deliveries-per-second: 0\n");
      publish(50);
      JsonNode event = socket.next("event");
      while (event.path("event").path("data").asInt() != 50) {
        event = socket.next("event");
      }
      assertEquals(1, node.hub().subscribers(new Topic("a")));
    }
  }

  private void publish(int number) throws IOException {
    String body = "{\"topic\":\"a\",\"data\":" + number + "}";
    byte[] request = HttpText.withBody("POST /v1/events", body, "Content-Type: application/json");
    assertEquals(200, LiveNode.exchange(node.privatePort(), request).status());
  }

  @Test
  void whatIsWrongIsRefusedAndWhatWasReadBeforeHolds() throws IOException {
    try (RawWebSocket socket = new RawWebSocket(node.port(), "")) {
      change("messages-per-second: 1\n");
      change("messages-per-second: many\n");
      Files.delete(file);
      watch.run();
      assertEquals(1, watch.refused().sum());
      assertEquals(1, watch.reloads().sum());
      for (int i = 0; i < 3; i++) {
        socket.send("{\"type\":\"ping\"}");
      }
      assertTrue(socket.next("error").path("retryAfterMs").asLong() > 0);
    }
  }
}
