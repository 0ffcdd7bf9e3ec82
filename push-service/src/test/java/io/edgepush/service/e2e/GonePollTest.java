package io.edgepush.service.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgepush.hub.client.Ledger;
import io.edgepush.model.Topic;
import io.edgepush.service.testing.Ask;
import io.edgepush.service.testing.Publisher;
import io.edgepush.service.testing.Subscriber;
import io.edgepush.service.testing.TestNode;
import io.edgepush.service.testing.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class GonePollTest {
  /** Keeps what is logged as a warning or worse. */
  private static final class Recorder extends Handler {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    public void publish(LogRecord record) {
      if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
        lines.add(record.getLoggerName() + ": " + record.getMessage());
      }
    }

    @Override
    public void flush() {
      // kept in memory
    }

    @Override
    public void close() {
      // kept in memory
    }
  }

  @Test
  void aPollWhoseClientHasGoneIsNoWarningThatShowsItsToken() {
    Recorder recorder = new Recorder();
    Logger root = Logger.getLogger("");
    root.addHandler(recorder);
    try (TestNode node = TestNode.start()) {
      Topic topic = new Topic("gone");
      Subscriber poll = Wire.LONG_POLL.subscribe(node, Ask.of(topic).token("secret-token"));
      node.awaitSubscribers(1, List.of(topic));
      poll.cut();
      new Publisher(node, new Ledger()).publish(topic);
      await().atMost(Duration.ofSeconds(20)).until(() -> node.hub().sessions().isEmpty());
    } finally {
      root.removeHandler(recorder);
    }

    assertEquals(List.of(), List.copyOf(recorder.lines));
  }
}
