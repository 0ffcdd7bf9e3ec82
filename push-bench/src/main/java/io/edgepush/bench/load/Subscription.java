package io.edgepush.bench.load;

import java.net.InetSocketAddress;

/**
 * What a connection asks for.
 *
 * @param endpoint where it connects
 * @param address its address
 * @param wire how it speaks
 * @param head the request line up to the topics
 * @param tail the rest of the request, from behind the cursor
 */
record Subscription(
    Endpoint endpoint, InetSocketAddress address, Wire wire, String head, String tail) {

  /** A subscription of topics by their names. */
  static Subscription of(
      Endpoint endpoint,
      InetSocketAddress address,
      Wire wire,
      String token,
      Iterable<String> topics) {
    StringBuilder query = new StringBuilder();
    topics.forEach(
        topic -> query.append(query.isEmpty() ? "?" : "&").append("topic=").append(topic));
    String authorization = token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n";
    return new Subscription(
        endpoint,
        address,
        wire,
        "GET " + endpoint.path() + "/subscribe" + query,
        " HTTP/1.1\r\nHost: "
            + endpoint.authority()
            + "\r\n"
            + wire.headers()
            + authorization
            + "\r\n");
  }

  /** The request, behind a cursor that may be empty. */
  byte[] request(String cursor) {
    return Bytes.ascii(head + (cursor.isEmpty() ? "" : "&cursor=" + cursor) + tail);
  }
}
