package io.edgepush.bench.load;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A publish call as bytes, in which only the topics' numbers and the marks change from call to
 * call.
 *
 * @param bytes the whole request
 * @param topicAt where the five digits of each event's topic are; none when topics are not named
 * @param markAt where each event's mark is
 */
record Template(byte[] bytes, int[] topicAt, int[] markAt) {
  /** The least size of an event's data: a mark in quotes. */
  static final int MIN_SIZE = Mark.LENGTH + 2;

  private static final int DIGITS = 5;

  /** The name of a topic; all have the same length. */
  static String topic(String run, int number) {
    return "bench." + run + "." + String.format("%0" + DIGITS + "d", number);
  }

  /** A call of the REST API: one event, or an array of several. */
  static Template api(Endpoint to, String key, String run, int size, int batch) {
    Builder body = new Builder();
    body.text(batch > 1 ? "[" : "");
    for (int i = 0; i < batch; i++) {
      body.text(i > 0 ? "," : "").text("{\"topic\":\"bench." + run + ".").topic();
      body.text("\",\"data\":").data(size).text("}");
    }
    body.text(batch > 1 ? "]" : "");
    String authorization = key.isEmpty() ? "" : "Authorization: Bearer " + key + "\r\n";
    return body.request(to, "/v1/events", authorization);
  }

  /**
   * A call of the bare broadcast server: the body is what subscribers get, as long as what the
   * service sends for an event of the same size.
   */
  static Template broadcast(Endpoint to, Transport transport, String run, int size) {
    String id = "0:aaaaaa:1763800000000-0";
    Builder body = new Builder();
    body.text(
        transport == Transport.SSE ? "id: " + id + "\ndata: " : "{\"type\":\"event\",\"event\":");
    body.text("{\"id\":\"" + id + "\",\"topic\":\"bench." + run + ".").topic();
    body.text("\",\"data\":").data(size).text(transport == Transport.SSE ? "}\n\n" : "}}");
    return body.request(to, "/", "");
  }

  void topic(int event, int number) {
    if (topicAt.length > 0) {
      int rest = number;
      for (int i = DIGITS - 1; i >= 0; i--) {
        bytes[topicAt[event] + i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
    }
  }

  private static final class Builder {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int[] topicAt = {};
    private int[] markAt = {};

    Builder text(String text) {
      body.writeBytes(Bytes.ascii(text));
      return this;
    }

    Builder topic() {
      topicAt = append(topicAt, body.size());
      return text("0".repeat(DIGITS));
    }

    Builder data(int size) {
      text("\"" + "x".repeat(size - MIN_SIZE));
      markAt = append(markAt, body.size());
      return text("0".repeat(Mark.LENGTH) + "\"");
    }

    Template request(Endpoint to, String path, String authorization) {
      byte[] head =
          Bytes.ascii(
              "POST "
                  + to.path()
                  + path
                  + " HTTP/1.1\r\nHost: "
                  + to.authority()
                  + "\r\nContent-Type: application/json\r\n"
                  + authorization
                  + "Content-Length: "
                  + body.size()
                  + "\r\n\r\n");
      byte[] bytes = Arrays.copyOf(head, head.length + body.size());
      System.arraycopy(body.toByteArray(), 0, bytes, head.length, body.size());
      return new Template(bytes, behind(head, topicAt), behind(head, markAt));
    }

    private static int[] behind(byte[] head, int[] offsets) {
      return Arrays.stream(offsets).map(i -> i + head.length).toArray();
    }

    private static int[] append(int[] values, int value) {
      int[] more = Arrays.copyOf(values, values.length + 1);
      more[values.length] = value;
      return more;
    }
  }
}
