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
import java.util.function.BooleanSupplier;

/**
 * Watches Helidon's HTTP/1 connection: keeps its deadline, and has a request for an event stream
 * take the way of upgrades by the header {@code Upgrade: sse}. That the headers are writable is not
 * promised by Helidon; a test holds it.
 *
 * @param upgrades whether there are upgrades
 * @param finishing whether each request is the last of its connection
 */
record EdgeHttp(boolean upgrades, BooleanSupplier finishing) implements Http1ConnectionListener {
  private static final int MAX_HEADER_BYTES = 32 * 1024;
  private static final int MAX_PROLOGUE_BYTES = 32 * 1024;

  /** The configuration of the HTTP/1 connections. */
  static Http1Config config(boolean upgrades, BooleanSupplier finishing) {
    return Http1Config.builder()
        .maxHeadersSize(MAX_HEADER_BYTES)
        .maxPrologueLength(MAX_PROLOGUE_BYTES)
        .addReceiveListener(new EdgeHttp(upgrades, finishing))
        .addSendListener(new Answers())
        .receiveLog(false)
        .sendLog(false)
        .buildPrototype();
  }

  @Override
  public void headers(ConnectionContext ctx, Headers headers) {
    requireFraming(headers);
    if (headers instanceof WritableHeaders<?> writable
        && ctx instanceof EdgeConnection connection) {
      boolean body =
          headers.contains(HeaderNames.CONTENT_LENGTH)
              || headers.contains(HeaderNames.TRANSFER_ENCODING);
      boolean close = names(headers.value(HeaderNames.CONNECTION).orElse(""), "close");
      connection.asked(body, close || finishing.getAsBoolean());
      if (upgrades) {
        nameUpgrade(writable);
      }
    }
  }

  private static void nameUpgrade(WritableHeaders<?> headers) {
    String upgrade = headers.value(HeaderNames.UPGRADE).orElse("");
    if (upgrade.equalsIgnoreCase("websocket")) {
      headers.set(HeaderNames.UPGRADE, "websocket");
    } else if (headers.value(HeaderNames.ACCEPT).orElse("").contains("text/event-stream")) {
      headers.set(
          HeaderNames.UPGRADE,
          "sse"); // instead of another, such as the h2c that some clients offer
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

  /** Watches what is answered: from then on the next request is due. */
  private record Answers() implements Http1ConnectionListener {
    @Override
    public void status(ConnectionContext ctx, Status status) {
      if (ctx instanceof EdgeConnection connection) {
        connection.answered();
      }
    }
  }
}
