package io.edgepush.service.input;

import io.edgepush.publisher.ContractCheck;
import io.edgepush.service.testing.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node with its events in memory, and a well-behaved client of it. */
public final class LiveNode implements AutoCloseable {
  private static final AtomicInteger PROBES = new AtomicInteger();
  private static final ContractCheck CONTRACT = new ContractCheck();
  private static final Pattern API =
      Pattern.compile("(GET|POST|DELETE) (/v1/[^ ?]*)[^ ]* HTTP/1.1");

  private final TestNode node;

  private LiveNode(TestNode node) {
    this.node = node;
  }

  /** A node where everybody may do everything. */
  public static LiveNode development(String... options) {
    return new LiveNode(TestNode.start(options));
  }

  /** A node where everybody may do what its configuration says. */
  public static LiveNode production(Path configuration) {
    return new LiveNode(TestNode.start("--mode=production", "--config=" + configuration));
  }

  /** The public port. */
  public int port() {
    return node.port();
  }

  /** The private port. */
  public int privatePort() {
    return node.privatePort();
  }

  /**
   * Sends bytes to a port, and takes the first answer. One of the publisher API is as its contract
   * has it.
   */
  public static HttpAnswer exchange(int port, byte[] request) throws IOException {
    try (RawConnection connection = new RawConnection(port)) {
      connection.send(request);
      HttpAnswer answer = connection.nextAnswer();
      Matcher line = API.matcher(new String(request, StandardCharsets.ISO_8859_1));
      if (line.lookingAt()) {
        Map<String, List<String>> headers = new TreeMap<>();
        answer.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        String path = ContractCheck.template(line.group(2));
        CONTRACT.answer(line.group(1), path, answer.status(), headers, answer.text());
      }
      return answer;
    }
  }

  /** The answer to a GET of the public port. */
  public HttpAnswer get(String target, String... headers) throws IOException {
    return exchange(port(), HttpText.request("GET " + target, headers));
  }

  /**
   * The position behind everything that was ever published on this node: a topic nobody knows
   * begins there.
   */
  public String head() throws IOException {
    HttpAnswer answer = get("/subscribe?topic=probe." + PROBES.incrementAndGet());
    return answer.json().path("cursor").asText();
  }

  /** Publishes an event; its id. */
  public String publish(String topic, String data) throws IOException {
    String event = "{\"topic\":\"" + topic + "\",\"data\":" + data + "}";
    HttpAnswer answer =
        exchange(
            privatePort(),
            HttpText.withBody("POST /v1/events", event, "Content-Type: application/json"));
    if (answer.status() != 200) {
      throw new AssertionError(answer.text());
    }
    return answer.json().path("id").asText();
  }

  /**
   * Subscribes a new topic, publishes to it and takes the event. Fails when any of it does not
   * work.
   */
  public void serveOneEvent() throws IOException {
    String topic = "good." + PROBES.incrementAndGet();
    try (RawWebSocket socket = new RawWebSocket(port(), "?topic=" + topic)) {
      socket.next("subscribed");
      String id = publish(topic, "42");
      String seen = socket.next("event").path("event").path("id").asText();
      if (!seen.equals(id)) {
        throw new AssertionError("published " + id + ", got " + seen);
      }
    }
  }

  @Override
  public void close() {
    node.close();
  }
}
