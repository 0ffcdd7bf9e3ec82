package io.edgepush.service.image;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.hub.client.ClientView;
import io.edgepush.hub.client.Ledger;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.TestNode;
import io.edgepush.service.testing.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A deployment that somebody else started and changes meanwhile; see {@code deploy/nothing-lost}.
 */
@Tag("deployment")
class DeploymentTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int BATCH = 5;

  /** So that what is published while a client is away fits into what is retained. */
  private static final Duration PACE = Duration.ofMillis(20);

  private final TestNode balancer =
      TestNode.at(
          Integer.parseInt(setting("EDGEPUSH_PUBLIC_PORT")),
          Integer.parseInt(setting("EDGEPUSH_PUBLISHER_PORT")));
  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private final List<Topic> topics =
      IntStream.range(0, BATCH).mapToObj(i -> new Topic("deployment." + run + "." + i)).toList();
  private final Ledger ledger = new Ledger();
  private volatile boolean over;

  private static String setting(String name) {
    String value = System.getenv(name);
    if (value == null) {
      throw new IllegalStateException(name + " is not set: call deploy/nothing-lost");
    }
    return value;
  }

  /** A refused connection ends its thread so; the client connects again. */
  @BeforeAll
  static void expectRefusals() {
    Awaitility.doNotCatchUncaughtExceptionsByDefault();
  }

  @Test
  void whileTheCommandRunsNoEventIsLostOnAnyTransport() throws Exception {
    List<ClientView> views = Arrays.stream(Wire.values()).map(this::follow).toList();
    Publisher publisher = new Publisher(balancer, ledger, setting("EDGEPUSH_PUBLISHER_KEY"));
    int published = publishWhile(publisher, command());
    for (ClientView view : views) {
      await().atMost(PATIENCE).until(() -> view.count() >= published);
    }
    over = true;
    for (ClientView view : views) {
      assertEquals(
          published
              + " published, "
              + published
              + " delivered, 0 lost, 0 twice, 0 out of order, 0 gaps announced",
          ledger.account(view, ledger.all(topics)).sentence());
    }
  }

  private Process command() throws IOException {
    return new ProcessBuilder("bash", "-c", setting("EDGEPUSH_COMMAND"))
        .directory(Path.of("..").toFile())
        .inheritIO()
        .start();
  }

  /** At least one batch after the command has ended. */
  private int publishWhile(Publisher publisher, Process command) throws InterruptedException {
    int published = 0;
    boolean running;
    do {
      running = command.isAlive();
      publisher.publishAtLast(topics);
      LockSupport.parkNanos(PACE.toNanos());
      published += BATCH;
    } while (running);
    assertEquals(0, command.waitFor(), "the command failed");
    assertTrue(published > BATCH, "the command ended before anything was published");
    return published;
  }

  /** A client for the whole time: connects again, behind its cursor, whenever it is cut. */
  private ClientView follow(Wire wire) {
    ClientView view = new ClientView();
    Thread.ofVirtual()
        .start(
            () -> {
              while (!over) {
                connect(wire, view);
                LockSupport.parkNanos(PACE.toNanos());
              }
            });
    await().atMost(PATIENCE).until(() -> view.notice(wire.subscribedNotice()).isPresent());
    return view;
  }

  /** Until the connection ends. */
  private void connect(Wire wire, ClientView view) {
    try (Subscriber subscriber = wire.resume(balancer, Ask.of(topics), view)) {
      subscriber.await(() -> over);
    } catch (UncheckedIOException | AssertionError | ConditionTimeoutException _) {
      // cut, or not to be had at the moment
    }
  }
}
