package io.edgepush.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;

/** A running API and a publisher, afresh for each test. */
abstract class ApiTest {
  final RecordingBackplane backplane = new RecordingBackplane();
  ApiServer server;
  ApiClient client;

  @BeforeEach
  void start() {
    server = new ApiServer(backplane);
    client = new ApiClient(server.port());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    backplane.close();
  }

  /** The whole request is refused like this, and nothing was published. */
  JsonNode assertRefused(String code, String field, HttpResponse<String> answer) {
    JsonNode problem = ApiClient.assertProblem(code, field, answer);
    assertEquals(List.of(), backplane.published());
    return problem;
  }

  /** The events that a topic retains. */
  List<JsonNode> history(String topic) {
    JsonNode page = ApiClient.ok(client.get(ApiClient.topic(topic) + "/events?limit=1000"));
    return new ArrayList<>(page.get("events").values());
  }
}
