package io.edgepush.service.tls;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.testing.TestNode;
import io.edgepush.testing.Certificates;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both listeners over TLS. */
class TlsTest {
  private static final int EVENTS = 60;

  @TempDir private Path directory;

  private Certificates made;
  private TestNode node;

  @BeforeEach
  void start() {
    made = Certificates.make(directory, "EC");
    node =
        TestNode.start(
            "--tls-certificate=" + made.chain(),
            "--tls-key=" + made.key(),
            "--private-tls-certificate=" + made.chain(),
            "--private-tls-key=" + made.key(),
            "--outbox-bytes=16777216");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private HttpClient client(String protocol) {
    return HttpClient.newBuilder()
        .sslContext(made.trusting())
        .sslParameters(new SSLParameters(null, new String[] {protocol}))
        .build();
  }

  private HttpResponse<String> publish(HttpClient client, String topic, String data)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(
                URI.create("https://localhost:" + node.privatePort() + "/v1/topics/" + topic))
            .header("Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString(data))
            .build(),
        BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void everyTransportWorks(String protocol) throws Exception {
    try (HttpClient client = client(protocol)) {
      String base = "localhost:" + node.port();
      BlockingQueue<String> messages = new LinkedBlockingQueue<>();
      WebSocket socket =
          client
              .newWebSocketBuilder()
              .buildAsync(URI.create("wss://" + base + "/subscribe?topic=a"), listener(messages))
              .get(20, TimeUnit.SECONDS);
      try (SSLSocket stream = stream(made.trusting(), "a");
          BufferedReader lines = reader(stream)) {
        awaitLine(lines, "event: subscribed");
        awaitMessage(messages, "subscribed");
        assertEquals(200, publish(client, "a", "x".repeat(60_000)).statusCode());
        awaitMessage(messages, "\"event\"");
        assertTrue(awaitLine(lines, "data: {\"id\"").length() > 60_000);
      }
      socket.sendText("{\"type\":\"ping\",\"ref\":1}", true).get(20, TimeUnit.SECONDS);
      awaitMessage(messages, "ack");
      HttpResponse<String> poll =
          client.send(
              HttpRequest.newBuilder(URI.create("https://" + base + "/subscribe?topic=a&replay=1"))
                  .build(),
              BodyHandlers.ofString());
      assertTrue(poll.body().contains("\"topic\":\"a\""), poll.body());
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(20, TimeUnit.SECONDS);
    }
  }

  private static WebSocket.Listener listener(BlockingQueue<String> messages) {
    return new WebSocket.Listener() {
      private final StringBuilder text = new StringBuilder();

      @Override
      public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
          messages.add(text.toString());
          text.setLength(0);
        }
        socket.request(1);
        return null;
      }
    };
  }

  private static void awaitMessage(BlockingQueue<String> messages, String part)
      throws InterruptedException {
    String message = messages.poll(20, TimeUnit.SECONDS);
    while (message != null && !message.contains(part)) {
      message = messages.poll(20, TimeUnit.SECONDS);
    }
    assertTrue(message != null, "no " + part);
  }

  private static String awaitLine(BufferedReader lines, String begin) throws IOException {
    String line = lines.readLine();
    while (!line.startsWith(begin)) {
      line = lines.readLine();
    }
    return line;
  }

  private SSLSocket stream(SSLContext trusting, String topic) throws IOException {
    Socket plain = new Socket();
    plain.setReceiveBufferSize(8_192);
    plain.setSoTimeout(20_000);
    plain.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
    SSLSocket socket =
        (SSLSocket) trusting.getSocketFactory().createSocket(plain, "localhost", node.port(), true);
    socket
        .getOutputStream()
        .write(
            ("GET /subscribe?topic="
                    + topic
                    + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static BufferedReader reader(SSLSocket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  @Test
  void aSlowReaderGetsEverythingInOrder() throws Exception {
    try (HttpClient client = client("TLSv1.3");
        SSLSocket stream = stream(made.trusting(), "slow");
        BufferedReader lines = reader(stream)) {
      awaitLine(lines, "event: subscribed");
      for (int i = 0; i < EVENTS; i++) {
        assertEquals(200, publish(client, "slow", i + "-" + "x".repeat(60_000)).statusCode());
      }
      for (int i = 0; i < EVENTS; i++) {
        String event = awaitLine(lines, "data: {\"id\"");
        assertTrue(event.contains("\"data\":\"" + i + "-xxx"), event.substring(0, 120));
        assertTrue(event.endsWith("x\"}"), "whole");
      }
    }
  }

  @Test
  void newKeysAreTakenWhenTheFilesChange() throws Exception {
    BigInteger before = made.certificate().getSerialNumber();
    assertEquals(before, serial(node.port()));
    assertEquals(before, serial(node.privatePort()));
    made = Certificates.make(directory, "RSA");
    BigInteger after = made.certificate().getSerialNumber();
    await()
        .ignoreExceptionsInstanceOf(SSLException.class)
        .until(() -> serial(node.port()).equals(after) && serial(node.privatePort()).equals(after));
  }

  private BigInteger serial(int port) throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            made.trusting()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }
  }

  @Test
  void oldVersionsAndPlainTextAreRefused() throws Exception {
    for (int port : new int[] {node.port(), node.privatePort()}) {
      try (SSLSocket socket =
          (SSLSocket)
              made.trusting()
                  .getSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), port)) {
        socket.setEnabledProtocols(new String[] {"TLSv1.1"});
        assertThrows(SSLException.class, socket::startHandshake);
      }
    }
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      plain.setSoTimeout(20_000);
      plain
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String answer =
          new String(plain.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertTrue(!answer.contains("HTTP/1.1 200"), answer);
    }
    try (HttpClient client = client("TLSv1.3")) {
      assertEquals(200, publish(client, "a", "goes on").statusCode());
    }
  }
}
