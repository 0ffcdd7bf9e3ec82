package io.edgepush.service.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgepush.hub.client.Ledger;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.TestNode;
import io.edgepush.service.testing.Wire;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lines are as CloudWatch's embedded metric format asks for. */
class CloudWatchLinesTest {
  private static final Topic TOPIC = new Topic("emf");

  @Test
  void aLineTellsConnectionsNowAndDeliveriesSinceTheLastOne() throws IOException {
    try (TestNode node = TestNode.start();
        Subscriber webSocket = Wire.WEBSOCKET.subscribe(node, Ask.of(TOPIC));
        Subscriber stream = Wire.SSE.subscribe(node, Ask.of(TOPIC))) {
      CloudWatchLines lines =
          new CloudWatchLines(
              node.hub().statistics(), "here", InstantSource.fixed(Instant.ofEpochMilli(42)));
      new Publisher(node, new Ledger()).publish(TOPIC, 3);
      webSocket.awaitEvents(3);
      stream.awaitEvents(3);
      JsonNode first = parsed(lines.next());
      assertEquals(42, first.path("_aws").path("Timestamp").asLong());
      assertEquals("here", first.path("Service").asText());
      assertEquals(2, first.path("Connections").asInt());
      assertEquals(6, first.path("Deliveries").asInt());
      assertEquals(0, first.path("Gaps").asInt());
      assertEquals(0, parsed(lines.next()).path("Deliveries").asInt());
    }
  }

  @Test
  void whatTheHeadOfALineDeclaresIsInIt() throws IOException {
    try (TestNode node = TestNode.start()) {
      JsonNode line =
          parsed(
              new CloudWatchLines(node.hub().statistics(), "here", InstantSource.system()).next());
      JsonNode declared = line.path("_aws").path("CloudWatchMetrics").path(0);
      assertEquals("Edgepush", declared.path("Namespace").asText());
      assertEquals("Service", declared.path("Dimensions").path(0).path(0).asText());
      List<String> names = declared.path("Metrics").findValuesAsText("Name");
      assertEquals(List.of("Connections", "Deliveries", "Gaps"), names);
      names.forEach(name -> assertEquals(true, line.path(name).isIntegralNumber(), name));
    }
  }

  private static JsonNode parsed(String line) throws IOException {
    return new ObjectMapper().readTree(line);
  }
}
