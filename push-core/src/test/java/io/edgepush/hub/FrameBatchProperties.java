package io.edgepush.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.wire.CloseReason;
import io.edgepush.wire.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Many connections are drained with one batch, whose buffer keeps what was joined for the
 * connection before: each gets its own frames all the same.
 */
class FrameBatchProperties {
  private static final int CONNECTIONS = 3;
  private static final List<Frame> FRAMES =
      IntStream.range(0, 6)
          .mapToObj(i -> Frame.control(text(i).getBytes(StandardCharsets.US_ASCII)))
          .toList();

  private static String text(int i) {
    return i + "-".repeat(i * 7) + ";";
  }

  /** A connection and what it is to get. */
  private static final class Connection {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final RecordingTransport transport = RecordingTransport.into(bytes);
    private final Outbox outbox = new Outbox(transport, 1 << 20, _ -> {});
    private final StringBuilder expected = new StringBuilder();

    void append(int frame) {
      outbox.append(FRAMES.get(frame));
      expected.append(text(frame));
    }
  }

  @Property
  void eachConnectionGetsItsOwnFramesInOrder(
      @ForAll @Size(max = 60) List<@IntRange(max = 29) Integer> steps) {
    FrameBatch batch = new FrameBatch(64);
    List<Connection> connections =
        IntStream.range(0, CONNECTIONS).mapToObj(_ -> new Connection()).toList();
    for (int step : steps) {
      Connection one = connections.get(step % CONNECTIONS);
      int kind = step / CONNECTIONS;
      if (kind < FRAMES.size()) {
        connections.stream().filter(c -> kind < 4 || c == one).forEach(c -> c.append(kind));
      } else {
        one.transport.allow(kind == 9 ? 5 : Integer.MAX_VALUE);
        one.outbox.drain(batch);
      }
    }
    for (Connection connection : connections) {
      connection.transport.allow(Integer.MAX_VALUE);
      connection.outbox.close(CloseReason.NORMAL, FRAMES.getFirst());
      while (connection.transport.closed().isEmpty()) {
        connection.outbox.drain(batch);
      }
      assertEquals(
          connection.expected + text(0), connection.bytes.toString(StandardCharsets.US_ASCII));
      assertTrue(connection.outbox.pendingBytes() == 0);
    }
  }
}
