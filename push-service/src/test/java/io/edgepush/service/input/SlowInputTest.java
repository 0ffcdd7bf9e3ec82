package io.edgepush.service.input;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlowInputTest extends BadInput {
  private static final String HEAD = "GET /negotiate HTTP/1.1\r\nHost: localhost\r\n";

  @Override
  String[] options() {
    return new String[] {"--request-timeout=1s"};
  }

  @Test
  void whoeverStopsInTheMiddleIsCut() throws IOException {
    List<String> begins =
        List.of("", "GET ", HEAD, HEAD + "X-Slow: ", HEAD + "Upgrade: websocket\r\n");
    List<RawConnection> connections = new ArrayList<>();
    for (String begin : begins) {
      connections.add(new RawConnection(node().port()));
      connections.getLast().send(begin);
    }
    for (RawConnection connection : connections) {
      assertEquals(0, connection.rest().length);
      connection.close();
    }
  }

  @Test
  void whoeverKeepsTheBodyBackIsCutBehindTheAnswer() throws IOException {
    try (RawConnection connection = new RawConnection(node().port())) {
      connection.send(HEAD + "Content-Length: 9\r\n\r\n1");
      assertEquals(200, connection.nextAnswer().status());
      assertEquals(0, connection.rest().length);
    }
  }

  @Test
  void aHeadThatComesByteByByteIsCutAllTheSame() throws IOException {
    try (RawConnection connection = new RawConnection(node().port())) {
      connection.send(HEAD + "X-Slow: ");
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                try {
                  connection.send("a");
                  return false;
                } catch (IOException _) {
                  return true;
                }
              });
    }
  }

  @Test
  void anIdleConnectionIsCutAfterItsAnswer() throws IOException {
    try (RawConnection connection = new RawConnection(node().port())) {
      connection.send(HttpText.request("GET /negotiate"));
      assertEquals(200, connection.nextAnswer().status());
      assertEquals(0, connection.rest().length);
    }
  }

  @Test
  void asWebSocketAndPollWaitTheyAreNotCut() throws IOException {
    try (RawWebSocket socket = new RawWebSocket(node().port(), "?topic=a");
        RawConnection poll = new RawConnection(node().port());
        RawConnection idle = new RawConnection(node().port())) {
      poll.send(HttpText.request("GET /subscribe?topic=a&wait=3&cursor=" + node().head()));
      socket.next("subscribed");
      assertEquals(0, idle.rest().length, "whoever says nothing is cut meanwhile");
      assertEquals(200, poll.nextAnswer().status());
      socket.send("{\"type\":\"ping\",\"ref\":1}");
      socket.next("ack");
    }
  }
}
