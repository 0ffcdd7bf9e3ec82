package io.edgepush.service.edge;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;

/**
 * Watches Helidon's HTTP/1 connection: keeps its deadline, and has a request for an event stream
 * take the way of upgrades by the header {@code Upgrade: sse}. That the headers are writable is not
 * promised by Helidon; a test holds it.
 */
final class EdgeHttp implements Http1ConnectionListener {
  private static final int MAX_HEADER_BYTES = 32 * 1024;
  private static final int MAX_PROLOGUE_BYTES = 32 * 1024;

  /** The configuration of the HTTP/1 connections. */
  static Http1Config config(Duration requestTimeout) {
    return Http1Config.builder()
        .maxHeadersSize(MAX_HEADER_BYTES)
        .maxPrologueLength(MAX_PROLOGUE_BYTES)
        .addReceiveListener(new EdgeHttp())
        .addSendListener(new Answers(requestTimeout))
        .receiveLog(false)
        .sendLog(false)
        .buildPrototype();
  }

  @Override
  public void headers(ConnectionContext ctx, Headers headers) {
    requireFraming(headers);
    if (headers instanceof WritableHeaders<?> writable
        && ctx instanceof EdgeConnection connection) {
      if (!headers.contains(HeaderNames.CONTENT_LENGTH)
          && !headers.contains(HeaderNames.TRANSFER_ENCODING)) {
        connection.deadline().met();
      }
      connection.asked(names(headers.value(HeaderNames.CONNECTION).orElse(""), "close"));
      String upgrade = headers.value(HeaderNames.UPGRADE).orElse("");
      if (upgrade.equalsIgnoreCase("websocket")) {
        writable.set(HeaderNames.UPGRADE, "websocket");
      } else if (headers.value(HeaderNames.ACCEPT).orElse("").contains("text/event-stream")) {
        writable.set(
            HeaderNames.UPGRADE,
            "sse"); // instead of another, such as the h2c that some clients offer
      }
    }
  }

  /**
   * Where a body ends has to be beyond doubt (RFC 9112 §6.1, §6.3), or another could be read into
   * the connection.
   */
  private static void requireFraming(Headers headers) {
    boolean length = headers.contains(HeaderNames.CONTENT_LENGTH);
    boolean coding = headers.contains(HeaderNames.TRANSFER_ENCODING);
    boolean chunked =
        coding
            && headers.value(HeaderNames.TRANSFER_ENCODING).orElse("").equalsIgnoreCase("chunked");
    boolean digits =
        length && headers.value(HeaderNames.CONTENT_LENGTH).orElse("").matches("[0-9]{1,18}");
    if (length && !digits || coding && !chunked || length && coding) {
      throw RequestException.builder()
          .type(DirectHandler.EventType.BAD_REQUEST)
          .status(Status.BAD_REQUEST_400)
          .setKeepAlive(false)
          .message("the body has no certain length")
          .build();
    }
  }

  private static boolean names(String list, String option) {
    for (String name : list.split(",")) {
      if (name.strip().equalsIgnoreCase(option)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Watches what is answered: from then on the next request is due.
   *
   * @param requestTimeout how soon
   */
  private record Answers(Duration requestTimeout) implements Http1ConnectionListener {
    @Override
    public void status(ConnectionContext ctx, Status status) {
      if (ctx instanceof EdgeConnection connection) {
        connection.deadline().set(requestTimeout);
        connection.answered();
      }
    }
  }
}
