package io.edgepush.service.web;

import io.edgepush.hub.SubscribeRequest;
import io.edgepush.model.Content;
import io.edgepush.service.websocket.WebSocketUpgrade;
import io.edgepush.wire.ClientMessageReader;
import io.edgepush.wire.WireFormat;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/** {@code GET /negotiate}: what this deployment offers, as docs/PROTOCOL.md has it. */
public final class NegotiateRoute implements Handler {
  private final byte[] answer;

  /** A fixed answer. */
  public NegotiateRoute(Duration heartbeat) {
    String transports =
        Arrays.stream(WireFormat.values())
            .map(f -> "\"" + f.transport() + "\"")
            .distinct()
            .collect(Collectors.joining(","));
    String json =
        "{\"protocol\":1,\"url\":\"/subscribe\",\"transports\":["
            + transports
            + "],\"heartbeatMs\":"
            + heartbeat.toMillis()
            + ",\"pollWaitMs\":"
            + SubscribeRequest.MAX_WAIT.toMillis()
            + ",\"limits\":{\"topicsPerUrl\":"
            + SubscribeRequest.MAX_TOPICS
            + ",\"topicsPerMessage\":"
            + ClientMessageReader.MAX_TOPICS
            + ",\"messageBytes\":"
            + WebSocketUpgrade.MAX_MESSAGE_BYTES
            + ",\"dataBytes\":"
            + Content.MAX_DATA_BYTES
            + "}}";
    answer = json.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    Documents.send(request, response, answer);
  }
}
