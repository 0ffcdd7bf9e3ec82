import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A small client of a node, run from its source while an image is made.
 *
 * <p>{@code java Probe.java train PUBLIC PRIVATE KEY}: uses all that a node offers, over each
 * transport; what the node loads meanwhile goes into its cache.
 *
 * <p>{@code java Probe.java first PUBLIC PRIVATE KEY}: waits for a node that is yet to start, and
 * prints when the first event was delivered, in milliseconds since 1970.
 */
final class Probe {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ROUNDS = 200;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final String open;
  private final String closed;
  private final String key;

  private Probe(String open, String closed, String key) {
    this.open = "127.0.0.1:" + open;
    this.closed = "http://127.0.0.1:" + closed;
    this.key = key;
  }

  public static void main(String[] args) throws Exception {
    Probe probe = new Probe(args[1], args[2], args[3]);
    switch (args[0]) {
      case "train" -> probe.train();
      case "first" -> probe.first();
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.exit(0); // the client's threads are of no interest
  }

  private void train() throws Exception {
    await("/health/ready");
    var socket = new Lines();
    var client =
        http.newWebSocketBuilder()
            .subprotocols("push.v1.json")
            .buildAsync(URI.create("ws://" + open + "/subscribe?topic=train.a"), socket)
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    socket.await("\"subscribed\"");
    client.sendText("{\"type\":\"subscribe\",\"ref\":1,\"topics\":[\"train.b\"],\"replay\":5}", true).join();
    socket.await("\"ref\":1");
    var stream = stream("train.a&topic=train.b");
    String cursor = cursor(get(subscribe("train.a")));
    for (int round = 0; round < ROUNDS; round++) {
      String event = "{\"topic\":\"train.a\",\"type\":\"round\",\"data\":{\"round\":" + round + "}}";
      var poll = http.sendAsync(subscribe("train.a&cursor=" + cursor), BodyHandlers.ofString());
      post("/v1/events", "application/json", round % 2 == 0 ? event : "[" + event + "," + event + "]");
      String seen = "\"round\":" + round + "}";
      socket.await(seen);
      stream.await(seen);
      cursor = cursor(poll.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).body());
    }
    post("/v1/topics/train.b", "text/plain", "as it is");
    socket.await("as it is");
    client.sendText("{\"type\":\"ping\",\"ref\":2}", true).join();
    client.sendText("{\"type\":\"unsubscribe\",\"ref\":3,\"topics\":[\"train.b\"]}", true).join();
    socket.await("\"ref\":3");
    client.sendText("not JSON", true).join();
    socket.await("\"error\"");
    stream("train.a&cursor=" + cursor);
    for (String path : new String[] {"/", "/negotiate", "/subscribe?topic=%20"}) {
      get(HttpRequest.newBuilder(URI.create("http://" + open + path)).build());
    }
    for (String path : new String[] {"/health/live", "/health/ready", "/metrics", "/v1/topics/train.a/events"}) {
      get(published(path).build());
    }
    client.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
  }

  /** By bare sockets: what this process has to load itself should not count. */
  private void first() throws Exception {
    System.out.println("waiting");
    String publish =
        "POST /v1/topics/first HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nAuthorization: Bearer " + key
            + "\r\nContent-Type: text/plain\r\n\r\ndelivered";
    int port = Integer.parseInt(open.split(":")[1]);
    int privatePort = URI.create(closed).getPort();
    try (var stream =
            until(port, "GET /subscribe?topic=first HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n", "\"subscribed\"");
        var _ = until(privatePort, publish, " 200 ")) {
      read(stream, "delivered");
      System.out.println(System.currentTimeMillis());
    }
  }

  /** Sends a request again and again, until the answer has this text; what follows it is yet to be read. */
  private static Socket until(int port, String request, String text) throws Exception {
    while (true) {
      var socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        read(socket, text);
        return socket;
      } catch (java.io.IOException e) {
        socket.close();
        Thread.sleep(2); // the node is not there yet
      }
    }
  }

  private static void read(Socket socket, String text) throws java.io.IOException {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf(text) < 0) {
      int b = socket.getInputStream().read();
      if (b < 0) {
        throw new java.io.EOFException();
      }
      seen.append((char) b);
    }
  }

  private Lines stream(String topics) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + open + "/subscribe?topic=" + topics))
            .header("Accept", "text/event-stream")
            .build();
    var answer =
        http.sendAsync(request, BodyHandlers.ofLines()).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (answer.statusCode() != 200) {
      throw new java.io.IOException("answered " + answer.statusCode());
    }
    Lines lines = new Lines();
    Thread.startVirtualThread(() -> answer.body().forEach(lines.queue::add));
    lines.await("\"subscribed\"");
    return lines;
  }

  private HttpRequest subscribe(String topics) {
    return HttpRequest.newBuilder(URI.create("http://" + open + "/subscribe?topic=" + topics)).build();
  }

  private HttpRequest.Builder published(String path) {
    return HttpRequest.newBuilder(URI.create(closed + path)).header("Authorization", "Bearer " + key);
  }

  private int post(String path, String type, String body) throws Exception {
    HttpRequest request =
        published(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)).build();
    return http.send(request, BodyHandlers.ofString()).statusCode();
  }

  private String get(HttpRequest request) throws Exception {
    return http.send(request, BodyHandlers.ofString()).body();
  }

  private void await(String path) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        if (http.send(published(path).build(), BodyHandlers.ofString()).statusCode() == 200) {
          return;
        }
      } catch (java.io.IOException e) {
        // not there yet
      }
      Thread.sleep(20);
    }
    throw new IllegalStateException(path + " is not answered");
  }

  private static String cursor(String poll) {
    int start = poll.indexOf("\"cursor\":\"") + 10;
    return poll.substring(start, poll.indexOf('"', start));
  }

  /** What has come on a connection, one message or line an element. */
  private static final class Lines implements WebSocket.Listener {
    private final LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();

    void await(String text) throws InterruptedException {
      String line;
      do {
        line = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (line == null) {
          throw new IllegalStateException("nothing came with " + text);
        }
      } while (!line.contains(text));
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        queue.add(part.toString());
        part.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }
}
