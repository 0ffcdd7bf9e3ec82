package io.edgepush.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {
  private static final int TEXT = 0x81;
  private static final int PING = 0x89;
  private static final int CLOSE = 0x88;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 50, 100_000})
  void webSocketFramesAreReadWhereverTheyAreCut(int size) {
    Arrivals arrivals = new Arrivals(Transport.WS.wire());

    arrivals.inPiecesOf(size, webSocketFrames());

    assertEquals(3, arrivals.counts.received);
    assertEquals(1, arrivals.counts.gaps);
    assertEquals("0:k3Fz8Q:1763800000002-3", arrivals.inbox.cursor());
    assertTrue(arrivals.inbox.isSubscribed());
    assertEquals("hey", arrivals.pongs);
    assertEquals("", arrivals.counts.firstTrouble);
    assertEquals(0, arrivals.left());
    assertEquals(3, arrivals.counts.latency().getIntervalHistogram().getTotalCount());
  }

  private static byte[] webSocketFrames() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    frame(bytes, TEXT, "{\"type\":\"welcome\",\"protocol\":1,\"cursor\":\"0:k3Fz8Q:1-0\"}");
    frame(bytes, TEXT, "{\"type\":\"subscribed\",\"topics\":[\"a\"],\"cursor\":\"0:k3Fz8Q:1-0\"}");
    frame(bytes, TEXT, message(0));
    frame(bytes, PING, "hey");
    frame(bytes, TEXT, "{\"type\":\"gap\",\"topic\":\"a\"}");
    frame(bytes, TEXT, message(1));
    frame(bytes, TEXT, message(2));
    return bytes.toByteArray();
  }

  @Test
  void framesOfEachLengthAreRead() {
    Arrivals arrivals = new Arrivals(Transport.WS.wire());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < 3; i++) {
      String longer = "x".repeat(i == 0 ? 0 : i == 1 ? 1_000 : 100_000);
      frame(bytes, TEXT, message(i).replace("xx@", longer + "xx@"));
    }

    arrivals.inPiecesOf(4_096, bytes.toByteArray());

    assertEquals(3, arrivals.counts.received);
  }

  @Test
  void aCloseTellsWhyAndEndsTheConnection() {
    Arrivals arrivals = new Arrivals(Transport.WS.wire());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    frame(bytes, CLOSE, "\u0010islow-consumer");

    arrivals.inPiecesOf(1, bytes.toByteArray());

    assertEquals(1, arrivals.ended);
    assertEquals("slow-consumer", arrivals.counts.firstTrouble);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 33, 100_000})
  void blocksOfServerSentEventsAreReadWhereverTheyAreCut(int size) {
    Arrivals arrivals = new Arrivals(Transport.SSE.wire());
    String stream =
        "retry: 2000\nid: 0:k3Fz8Q:1-0\nevent: welcome\ndata: {\"type\":\"welcome\"}\n\n"
            + block(0)
            + "event: subscribed\ndata: {\"type\":\"subscribed\"}\n\n: heartbeat\nid: 0:k3Fz8Q:9-0\n\n"
            + block(1)
            + "event: gap\ndata: {\"type\":\"gap\"}\n\nid: 0:k3Fz8Q:12-0\n\n";

    arrivals.inPiecesOf(size, stream.getBytes(StandardCharsets.US_ASCII));

    assertEquals(2, arrivals.counts.received);
    assertEquals(1, arrivals.counts.gaps);
    assertTrue(arrivals.inbox.isSubscribed());
    assertEquals("0:k3Fz8Q:12-0", arrivals.inbox.cursor());
    assertEquals(0, arrivals.left());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 90, 100_000})
  void longPollAnswersAreReadWhereverTheyAreCut(int size) {
    Arrivals arrivals = new Arrivals(Transport.POLL.wire());
    String first = "{\"cursor\":\"0:a:1-0\",\"events\":[],\"gaps\":[]}";
    String second =
        "{\"cursor\":\"0:a:9-0,1:b:2-0\",\"events\":["
            + Arrivals.event(0)
            + ","
            + Arrivals.event(1)
            + "],\"gaps\":[{\"topic\":\"a\"}]}";

    arrivals.inPiecesOf(size, (answer(first) + answer(second)).getBytes(StandardCharsets.US_ASCII));

    assertEquals(2, arrivals.answered);
    assertEquals(2, arrivals.counts.received);
    assertEquals(1, arrivals.counts.gaps);
    assertEquals("0:a:9-0,1:b:2-0", arrivals.inbox.cursor());
    assertEquals(0, arrivals.ended);
  }

  @Test
  void aRefusedPollEndsTheConnection() {
    Arrivals arrivals = new Arrivals(Transport.POLL.wire());
    String refusal = "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno";

    arrivals.inPiecesOf(1_000, refusal.getBytes(StandardCharsets.US_ASCII));

    assertEquals(1, arrivals.ended);
    assertTrue(arrivals.counts.firstTrouble.startsWith("HTTP/1.1 403"));
    assertFalse(arrivals.inbox.isSubscribed());
  }

  @Test
  void whatCarriesNoMarkIsCountedAsForeign() {
    Arrivals arrivals = new Arrivals(Transport.WS.wire());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    frame(
        bytes, TEXT, "{\"type\":\"event\",\"event\":{\"id\":\"0:a:1-0\",\"data\":\"of others\"}}");

    arrivals.inPiecesOf(1_000, bytes.toByteArray());

    assertEquals(0, arrivals.counts.received);
    assertEquals(1, arrivals.counts.foreign);
  }

  private static String message(int seq) {
    return "{\"type\":\"event\",\"event\":" + Arrivals.event(seq) + "}";
  }

  private static String block(int seq) {
    return "id: 0:k3Fz8Q:%d-0\ndata: %s\n\n".formatted(seq + 2, Arrivals.event(seq));
  }

  private static String answer(String body) {
    return "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(body.length(), body);
  }

  private static void frame(ByteArrayOutputStream to, int first, String payload) {
    byte[] bytes = payload.getBytes(StandardCharsets.US_ASCII);
    to.write(first);
    if (bytes.length < 126) {
      to.write(bytes.length);
    } else if (bytes.length < 65_536) {
      to.writeBytes(new byte[] {126, (byte) (bytes.length >> 8), (byte) bytes.length});
    } else {
      to.writeBytes(new byte[] {127, 0, 0, 0, 0, 0});
      to.writeBytes(
          new byte[] {
            (byte) (bytes.length >> 16), (byte) (bytes.length >> 8), (byte) bytes.length
          });
    }
    to.writeBytes(bytes);
  }
}
