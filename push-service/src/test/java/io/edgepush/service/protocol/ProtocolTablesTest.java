package io.edgepush.service.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgepush.model.Problem;
import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.protocol.ProtocolDocument.Block;
import io.edgepush.wire.CloseReason;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The tables of docs/PROTOCOL.md, and the examples of what only a running service answers. */
class ProtocolTablesTest {
  private static LiveNode node;

  @BeforeAll
  static void start() throws IOException {
    node = LiveNode.development();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void theTableOfCloseCodesIsComplete() {
    List<List<String>> table = ProtocolDocument.table("Close codes");
    List<List<String>> own =
        Arrays.stream(CloseReason.values())
            .filter(r -> r.code() >= 4000)
            .map(r -> List.of(Integer.toString(r.code()), r.slug()))
            .toList();
    assertEquals(own, table.stream().map(row -> row.subList(0, 2)).toList());
    for (List<String> row : table) {
      String reconnect = row.get(2);
      switch (row.getFirst().substring(0, 2)) {
        case "40" -> assertEquals("no", reconnect);
        case "41" -> assertEquals("with back-off", reconnect);
        default ->
            assertTrue(
                reconnect.startsWith("at once") || reconnect.startsWith("after the delay"),
                reconnect);
      }
    }
  }

  @Test
  void theTableOfProblemsIsComplete() {
    List<List<String>> own =
        Arrays.stream(Problem.Code.values())
            .map(c -> List.of(c.slug(), Integer.toString(c.status())))
            .toList();
    assertEquals(
        own, ProtocolDocument.table("Problems").stream().map(row -> row.subList(0, 2)).toList());
  }

  @Test
  void negotiationIsAnsweredAsItStands() throws IOException {
    for (Block block : ProtocolDocument.blocks("json negotiate")) {
      assertEquals(block.single(), node.get("/negotiate").text());
    }
  }

  @Test
  void theProblemIsAnsweredAsItStands() throws IOException {
    for (Block block : ProtocolDocument.blocks("json problem")) {
      HttpAnswer answer = node.get("/subscribe?topic=ab%20c");
      assertEquals(block.single(), answer.text());
      assertEquals(HttpAnswer.read(block.single()).path("status").asInt(), answer.status());
    }
  }

  @Test
  void aPollIsAnsweredWithTheMembersThatStandThere() throws IOException {
    JsonNode written = HttpAnswer.read(ProtocolDocument.blocks("json poll").getFirst().single());
    node.publish("polled", "{\"total\":99.5}");
    JsonNode answer = node.get("/subscribe?topic=polled&replay=1").json();
    assertEquals(
        List.copyOf(written.properties().stream().map(e -> e.getKey()).toList()),
        answer.properties().stream().map(e -> e.getKey()).toList());
    assertEquals(
        written.path("events").path(0).properties().stream().map(e -> e.getKey()).toList(),
        answer.path("events").path(0).properties().stream().map(e -> e.getKey()).toList());
  }
}
