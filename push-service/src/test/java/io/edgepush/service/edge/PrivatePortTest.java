package io.edgepush.service.edge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.ClientFrame;
import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What publishers need of the listener: large bodies, bodies without end, connections they keep.
 */
class PrivatePortTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MOST_BYTES = 4 << 20;
  private static final String JSON = "Content-Type: application/json";
  private static final String[] STREAM = {
    "Content-Type: application/x-ndjson", "Transfer-Encoding: chunked"
  };

  private LiveNode node;
  private RawConnection connection;

  @BeforeEach
  void start() throws IOException {
    node = LiveNode.development("--request-timeout=" + TIMEOUT.toMillis() + "ms");
    connection = new RawConnection(node.privatePort());
  }

  @AfterEach
  void stop() throws IOException {
    connection.close();
    node.close();
  }

  @Test
  void aBodyAsLargeAsItMayBeIsPublishedAndTheConnectionKept() throws IOException {
    int count = 70;
    String event = "{\"topic\":\"a\",\"data\":\"" + "x".repeat(59_000) + "\"}";
    String body = "[" + String.join(",", Collections.nCopies(count, event)) + "]";
    assertTrue(body.length() > MOST_BYTES - 100_000 && body.length() <= MOST_BYTES);
    for (int i = 0; i < 2; i++) {
      connection.send(HttpText.withBody("POST /v1/events", body, JSON));
      HttpAnswer answer = connection.nextAnswer();
      assertEquals(200, answer.status());
      assertEquals(count, answer.json().size());
    }
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedHoweverItIsSent() throws IOException {
    connection.send(HttpText.withBody("POST /v1/events", "x".repeat(MOST_BYTES + 1), JSON));
    assertEquals(413, connection.nextAnswer().status());
    try (RawConnection chunked = new RawConnection(node.privatePort())) {
      chunked.send(HttpText.request("POST /v1/events", JSON, "Transfer-Encoding: chunked"));
      String part = chunk("x".repeat(1 << 20));
      for (int i = 0; i < 5; i++) {
        chunked.send(part);
      }
      chunked.send("0\r\n\r\n");
      assertEquals(413, chunked.nextAnswer().status());
    }
  }

  @Test
  void whoeverAsksFirstIsToldToContinue() throws IOException {
    String body = "{\"topic\":\"a\",\"data\":1}";
    connection.send(
        HttpText.request(
            "POST /v1/events", JSON, "Expect: 100-continue", "Content-Length: " + body.length()));
    assertEquals("HTTP/1.1 100 Continue", connection.nextUpTo("\r\n\r\n"));
    connection.send(body);
    assertEquals(200, connection.nextAnswer().status());
  }

  @Test
  void requestsThatComeInOnePieceAreAnsweredInTurn() throws IOException {
    byte[] publish = HttpText.withBody("POST /v1/topics/a", "1", JSON);
    connection.send(ClientFrame.join(publish, publish, HttpText.request("GET /v1/topics/a")));
    assertEquals(200, connection.nextAnswer().status());
    assertEquals(200, connection.nextAnswer().status());
    assertEquals(2, connection.nextAnswer().json().path("retained").asInt());
  }

  @Test
  void aStreamGoesOnForLongerThanARequestMayTake() throws IOException {
    long end = System.nanoTime() + TIMEOUT.multipliedBy(3).toNanos();
    connection.send(HttpText.request("POST /v1/events", STREAM));
    AtomicInteger lines = new AtomicInteger();
    await()
        .atMost(PATIENCE)
        .pollInterval(TIMEOUT.dividedBy(10))
        .until(
            () -> {
              connection.send(chunk("{\"topic\":\"a\",\"data\":" + lines.get() + "}\n"));
              lines.incrementAndGet();
              return System.nanoTime() > end;
            });
    connection.send("0\r\n\r\n");
    HttpAnswer answer = connection.nextAnswer();
    assertEquals(200, answer.status(), answer.text());
    assertEquals(lines.get(), answer.json().path("stored").asInt());
  }

  @Test
  void aStreamIsStoredAsItComes() throws IOException {
    connection.send(HttpText.request("POST /v1/events", STREAM));
    connection.send(chunk("{\"topic\":\"a\",\"data\":1}\n{\"topic\":\"a\",\"da"));
    await().atMost(PATIENCE).until(() -> retained() == 1);
    connection.send(chunk("ta\":2}\n") + "0\r\n\r\n");
    assertEquals(2, connection.nextAnswer().json().path("stored").asInt());
  }

  @Test
  void aBodyThatStopsInTheMiddleIsCut() throws IOException {
    connection.send(HttpText.request("POST /v1/events", STREAM));
    connection.send(chunk("{\"topic\":\"a\",\"data\":1}\n"));
    assertEquals(0, connection.rest().length);
    try (RawConnection plain = new RawConnection(node.privatePort())) {
      plain.send(HttpText.request("POST /v1/topics/a", JSON, "Content-Length: 9"));
      assertEquals(0, plain.rest().length);
    }
    assertEquals(1, retained(), "what had come is stored");
  }

  @Test
  void aHeadThatStopsInTheMiddleIsCut() throws IOException {
    connection.send("POST /v1/events HTTP/1.1\r\nHost: ");
    assertEquals(0, connection.rest().length);
  }

  @Test
  void aConnectionThatIsKeptOutlivesTheTimeOfARequest() throws IOException {
    connection.send(HttpText.request("GET /v1/topics/a"));
    assertEquals(200, connection.nextAnswer().status());
    try (RawConnection silent = new RawConnection(node.privatePort())) {
      assertEquals(0, silent.rest().length, "whoever says nothing is cut meanwhile");
    }
    connection.send(HttpText.request("GET /v1/topics/a"));
    assertEquals(200, connection.nextAnswer().status());
  }

  @Test
  void whatAsksForAnUpgradeIsAnsweredWithoutOne() throws IOException {
    connection.send(
        HttpText.request("GET /v1/topics/a", "Accept: text/event-stream", "Upgrade: websocket"));
    assertEquals(200, connection.nextAnswer().status());
  }

  @Test
  void whereABodyEndsHasToBeBeyondDoubt() throws IOException {
    connection.send(
        "POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    HttpAnswer answer = connection.nextAnswer();
    assertEquals(400, answer.status());
    assertEquals("malformed", answer.json().path("code").asText());
    assertEquals(0, connection.rest().length);
  }

  private int retained() throws IOException {
    return LiveNode.exchange(node.privatePort(), HttpText.request("GET /v1/topics/a"))
        .json()
        .path("retained")
        .asInt();
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }
}
