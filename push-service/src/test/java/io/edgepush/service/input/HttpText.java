package io.edgepush.service.input;

import java.nio.charset.StandardCharsets;

/** Requests as they stand on the wire, one byte a character. */
public final class HttpText {
  private HttpText() {}

  /** A request without body; the request line is without version. */
  public static byte[] request(String line, String... headers) {
    return raw(line + " HTTP/1.1\r\nHost: localhost\r\n" + lines(headers) + "\r\n");
  }

  /** A request with a body and its length. */
  public static byte[] withBody(String line, String body, String... headers) {
    return withBody(line, raw(body), headers);
  }

  /** A request with a body and its length. */
  public static byte[] withBody(String line, byte[] body, String... headers) {
    String head =
        line
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
            + body.length
            + "\r\n"
            + lines(headers)
            + "\r\n";
    return ClientFrame.join(raw(head), body);
  }

  /** Text as it is. */
  public static byte[] raw(String latin) {
    return latin.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String lines(String... headers) {
    StringBuilder lines = new StringBuilder();
    for (String header : headers) {
      lines.append(header).append("\r\n");
    }
    return lines.toString();
  }
}
