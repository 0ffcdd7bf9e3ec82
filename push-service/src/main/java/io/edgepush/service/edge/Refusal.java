package io.edgepush.service.edge;

import io.edgepush.link.ByteStream;
import io.edgepush.model.Problem;
import io.edgepush.wire.ProblemJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Answers a connection that is not taken, by hand: HTTP/1.1 with a problem. */
final class Refusal {
  private static final System.Logger LOG = System.getLogger(Refusal.class.getName());
  private static final int READ_BYTES = 8 * 1024;

  private Refusal() {}

  /**
   * Reads what is there first: closing with unread bytes would reset the connection and lose the
   * answer. Blocks until something has come.
   */
  static void answer(ByteStream stream, Problem problem) {
    SocketChannel channel = stream.channel();
    try (channel) {
      stream.read(ByteBuffer.allocate(READ_BYTES));
      write(stream, problem);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.TRACE, "a refused connection was lost", e);
    }
  }

  /** Answers a request that was read. Blocks until it is written. */
  static void write(ByteStream stream, Problem problem) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(bytes(problem));
    while (bytes.hasRemaining()) {
      stream.write(bytes);
    }
    stream.endOutput();
  }

  private static byte[] bytes(Problem problem) {
    byte[] body = ProblemJson.encode(problem);
    Problem.Code code = problem.code();
    StringBuilder head =
        new StringBuilder("HTTP/1.1 ").append(code.status()).append(' ').append(code.title());
    head.append("\r\nContent-Type: ").append(ProblemJson.MEDIA_TYPE);
    head.append("\r\nCache-Control: no-store\r\nRetry-After: ")
        .append(Math.ceilDiv(Math.max(1, problem.retryAfterMs()), 1_000L));
    if (problem.quota().given()) {
      head.append("\r\nRateLimit-Policy: ").append(problem.quota().policyField());
      head.append("\r\nRateLimit: ").append(problem.quota().stateField());
    }
    head.append("\r\nConnection: close\r\nContent-Length: ").append(body.length);
    return head.append("\r\n\r\n")
        .append(new String(body, StandardCharsets.UTF_8))
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }
}
