package io.edgepush.service.lifecycle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.service.input.HttpAnswer;
import io.edgepush.service.input.HttpText;
import io.edgepush.service.input.LiveNode;
import io.edgepush.service.input.RawConnection;
import io.edgepush.service.input.RawWebSocket;
import io.edgepush.service.testing.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that may open few files. */
class DescriptorsTest {
  private static final int LIMIT = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String NEGOTIATE = "/negotiate";
  private static final String READY = "/health/ready";

  @TempDir private Path directory;
  private ServiceProcess service;
  private final List<RawConnection> crowd = new ArrayList<>();
  private int port;
  private int privatePort;

  private void start(String... options) throws IOException {
    service = ServiceProcess.readyWithin(directory, LIMIT, options);
    port = service.port("subscribe");
    privatePort = service.port("publish");
  }

  @AfterEach
  void stop() throws IOException {
    disperse();
    service.close();
  }

  private void disperse() throws IOException {
    for (RawConnection each : crowd) {
      each.close();
    }
    crowd.clear();
  }

  @Test
  void aNodeTakesNoMoreConnectionsThanItHasDescriptorsForAndKeepsSomeForPublishers()
      throws Exception {
    start();
    String err = service.err();
    assertTrue(err.contains("max-connections is 18000, but this process may open 300 files"), err);
    assertEquals(1, err.lines().filter(l -> l.contains("max-connections")).count(), err);
    assertFills(port, NEGOTIATE);
    assertEquals(200, get(privatePort, READY).status());
    assertEquals(200, publish("a").status());
    assertFills(privatePort, READY);
    disperse();
    awaitServed(port, NEGOTIATE);
    awaitServed(privatePort, READY);
    assertTrue(!service.err().contains("accepting fails"), service.err());
  }

  private void assertFills(int port, String target) throws IOException {
    HttpAnswer answer = get(port, target);
    for (int i = 0; answer.status() == 200; i++) {
      assertTrue(i < LIMIT, "it takes more than it can");
      crowd.add(new RawConnection(port));
      answer = get(port, target);
    }
    assertEquals(503, answer.status());
    assertEquals("1", answer.header("retry-after"));
  }

  @Test
  void withoutDescriptorsBothListenersRefuseAndGoOnWhenThereAreSomeAgain() throws Exception {
    start("--max-connections=0", "--request-timeout=5m");
    try (RawWebSocket subscriber = new RawWebSocket(port, "?topic=a");
        RawConnection publisher = new RawConnection(privatePort)) {
      subscriber.next("subscribed");
      publish(publisher, "a");
      subscriber.next("event");
      assertEquals(200, get(port, NEGOTIATE).status());
      assertEquals(200, get(privatePort, READY).status());
      exhaust();

      awaitRefused(port, NEGOTIATE);
      awaitRefused(privatePort, READY);
      assertEquals(200, publish(publisher, "a"), "who is there already is served on");
      subscriber.next("event");

      disperse();
      awaitServed(port, NEGOTIATE);
      awaitServed(privatePort, READY);
      awaitServed(port, "/subscribe?topic=a");
      assertEquals(200, publish("a").status());
      subscriber.next("event");
      String err = service.err();
      assertTrue(err.contains("accepting fails, going on: "), err);
    }
    service.terminate();
    assertEquals(0, service.exitCode());
  }

  /** Opens connections that say nothing until the process has no descriptors left. */
  private void exhaust() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              crowd.add(new RawConnection(port));
              return service.openFiles() >= LIMIT - 1;
            });
    // more than there is room for, whatever was closed in between
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              crowd.add(new RawConnection(port));
              return service.err().contains("accepting fails");
            });
  }

  /** Whatever the process closes meanwhile is taken by one more connection of the crowd. */
  private void awaitRefused(int asked, String target) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class) // a refusal that came before the request
        .untilAsserted(
            () -> {
              HttpAnswer answer = get(asked, target);
              if (answer.status() == 200) {
                crowd.add(new RawConnection(port));
              }
              assertEquals(503, answer.status());
              assertEquals("unavailable", answer.json().path("code").asText());
              assertEquals("1", answer.header("retry-after"));
            });
  }

  private static void awaitServed(int port, String target) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> get(port, target).status() == 200);
  }

  private static HttpAnswer get(int port, String target) throws IOException {
    return LiveNode.exchange(port, HttpText.request("GET " + target));
  }

  private HttpAnswer publish(String topic) throws IOException {
    return LiveNode.exchange(privatePort, event(topic));
  }

  private static int publish(RawConnection connection, String topic) throws IOException {
    connection.send(event(topic));
    return connection.nextAnswer().status();
  }

  private static byte[] event(String topic) {
    return HttpText.withBody("POST /v1/topics/" + topic, "1", "Content-Type: application/json");
  }
}
