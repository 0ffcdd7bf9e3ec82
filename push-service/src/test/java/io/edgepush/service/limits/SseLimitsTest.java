package io.edgepush.service.limits;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** An event stream has no close code, so an {@code error} says why it ends. */
class SseLimitsTest {
  private static final String SSE = "Accept: text/event-stream";

  private static String rest(RawConnection stream) throws IOException {
    return new String(stream.rest(), StandardCharsets.UTF_8);
  }

  @Test
  void ofTooManyEventsASecond() throws IOException {
    try (LiveNode node = LiveNode.development("--deliveries-per-second=20");
        RawConnection stream = new RawConnection(node.port())) {
      stream.send(HttpText.request("GET /subscribe?topic=a", SSE));
      stream.nextUpTo("event: subscribed");
      for (int i = 0; i < 200; i++) {
        node.publish("a", Integer.toString(i));
      }
      String rest = rest(stream);
      assertTrue(rest.contains("event: error"), rest);
      assertTrue(rest.contains("\"code\":\"delivery-rate\""), rest);
      assertTrue(rest.contains("\"close\":4104"), rest);
    }
  }

  @Test
  void ofTooManyTopics() throws IOException {
    try (LiveNode node = LiveNode.development("--topics-per-connection=2");
        RawConnection stream = new RawConnection(node.port())) {
      stream.send(HttpText.request("GET /subscribe?topic=a&topic=b&topic=c", SSE));
      String rest = rest(stream);
      assertTrue(rest.contains("event: error"), rest);
      assertTrue(rest.contains("\"code\":\"too-many-requests\""), rest);
      assertTrue(rest.contains("\"retryAfterMs\":"), rest);
      assertTrue(rest.contains("\"close\":4100"), rest);
    }
  }
}
