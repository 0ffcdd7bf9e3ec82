package io.edgepush.service.edge;

import io.edgepush.fallbacks.CrossOrigin;
import io.edgepush.link.ByteStream;
import io.edgepush.model.Problem;
import io.edgepush.wire.ProblemJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * Answers a connection that is not taken, by hand: HTTP/1.1 with a problem.
 *
 * @param crossOrigin which pages may read when to come back
 */
record Refusal(CrossOrigin crossOrigin) {
  private static final System.Logger LOG = System.getLogger(Refusal.class.getName());
  private static final int READ_BYTES = 8 * 1024;

  /**
   * Reads what is there first: closing with unread bytes would reset the connection and lose the
   * answer. Blocks until something has come.
   */
  void answer(ByteStream stream, Problem problem) {
    SocketChannel channel = stream.channel();
    try (channel) {
      ByteBuffer request = ByteBuffer.allocate(READ_BYTES);
      stream.read(request);
      write(stream, bytes(problem, request.array(), request.position()));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.TRACE, "a refused connection was lost", e);
    }
  }

  /**
   * The answer to a request.
   *
   * @param request its first bytes
   * @param length how many
   */
  byte[] bytes(Problem problem, byte[] request, int length) {
    String head = new String(request, 0, length, StandardCharsets.ISO_8859_1);
    return bytes(problem, crossOrigin.lines(name -> header(head, name)));
  }

  /** A header of a request that nobody parses; empty when it is absent. */
  private static String header(String head, String name) {
    for (String line : head.split("\r\n")) {
      if (line.isEmpty()) {
        break;
      }
      int colon = line.indexOf(':');
      if (colon == name.length() && line.regionMatches(true, 0, name, 0, colon)) {
        return line.substring(colon + 1).strip();
      }
    }
    return "";
  }

  /**
   * Answers a request that was read. Blocks until it is written.
   *
   * @param header the value of a request header by its name in lower case; empty when absent
   */
  void write(ByteStream stream, Problem problem, UnaryOperator<String> header) throws IOException {
    write(stream, bytes(problem, crossOrigin.lines(header)));
  }

  private static void write(ByteStream stream, byte[] answer) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(answer);
    while (bytes.hasRemaining()) {
      stream.write(bytes);
    }
    stream.endOutput();
  }

  private static byte[] bytes(Problem problem, String lines) {
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
    return head.append("\r\n")
        .append(lines)
        .append("\r\n")
        .append(new String(body, StandardCharsets.UTF_8))
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }
}
