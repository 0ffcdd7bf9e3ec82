package io.edgepush.publisher;

import io.edgepush.model.Problem;
import io.edgepush.model.Problem.Code;
import io.edgepush.model.ProblemException;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** Reads a request's body, which is bounded, into one array. */
final class RequestBody {
  /** The greatest body, in bytes. */
  static final int MAX_BYTES = 4 << 20;

  private static final int FIRST_BYTES = 8 * 1024;

  private RequestBody() {}

  /**
   * Reads the whole body. Blocks until it is there.
   *
   * @throws ProblemException {@link Code#TOO_LARGE}, before anything is read where the length was
   *     announced
   * @throws UnreadableBodyException when the body is not framed as HTTP/1.1 wants it, or ends early
   * @throws CloseConnectionException when the client is gone
   */
  static byte[] read(ServerRequest request) {
    long announced = request.headers().contentLength().orElse(-1);
    if (announced > MAX_BYTES) {
      throw tooLarge().exception();
    }
    return reading(request, in -> read(in, announced < 0 ? FIRST_BYTES : (int) announced));
  }

  /** Reads from a body. */
  @FunctionalInterface
  interface Reading<T> {
    /** Reads as much as it wants. */
    T read(InputStream in) throws IOException;
  }

  /**
   * Reads a body bit by bit; blocks.
   *
   * @throws UnreadableBodyException when the body is not framed as HTTP/1.1 wants it, or ends early
   * @throws CloseConnectionException when the client is gone
   */
  static <T> T reading(ServerRequest request, Reading<T> reading) {
    // Not closed: that would wait for the rest of a body that is too large.
    InputStream in = request.content().inputStream();
    try {
      return reading.read(in);
    } catch (DataReader.InsufficientDataAvailableException e) {
      throw UnreadableBodyException.malformed("the connection ended before the body did", e);
    } catch (RequestException | IllegalArgumentException | DataReader.IncorrectNewLineException e) {
      throw e instanceof RequestException r
              && r.status().equals(Status.REQUEST_ENTITY_TOO_LARGE_413)
          ? UnreadableBodyException.tooLarge(e)
          : UnreadableBodyException.malformed(
              "the chunks are not framed as RFC 9112 section 7.1 wants it", e);
    } catch (IOException | UncheckedIOException e) {
      throw new CloseConnectionException("the client went away while it sent the body", e);
    }
  }

  private static byte[] read(InputStream in, int expected) throws IOException {
    byte[] body = new byte[expected];
    int length = 0;
    while (true) {
      if (length == body.length) {
        int next = in.read();
        if (next < 0) {
          return body;
        }
        if (length == MAX_BYTES) {
          throw tooLarge().exception();
        }
        body = Arrays.copyOf(body, Math.min(MAX_BYTES, Math.max(FIRST_BYTES, length * 2)));
        body[length++] = (byte) next;
      }
      int n = in.read(body, length, body.length - length);
      if (n < 0) {
        return Arrays.copyOf(body, length);
      }
      length += n;
    }
  }

  /** The refusal of a body for its size. */
  static Problem tooLarge() {
    return Problem.of(Code.TOO_LARGE, "a body has at most " + MAX_BYTES + " bytes");
  }
}
