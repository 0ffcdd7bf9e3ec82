package io.edgepush.service.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A time without Redis, and what has to hold in it. For the thread of one test. */
final class Outage {
  private final Scene scene;
  private final int answersBefore;
  private final Map<Client, Integer> welcomes = new HashMap<>();

  private Outage(Scene scene) {
    this.scene = scene;
    this.answersBefore = scene.press().answers().size();
    scene.streams().forEach(client -> welcomes.put(client, client.welcomes()));
  }

  /** It is about to begin. */
  static Outage of(Scene scene) {
    return new Outage(scene);
  }

  private List<PressLane.Answer> answers() {
    List<PressLane.Answer> all = scene.press().answers();
    return all.subList(answersBefore, all.size());
  }

  /** Waits until publishes are refused at once, many times. */
  void awaitRefusals() {
    int lanes = scene.press().lanes();
    scene.until("publishes are refused", () -> answers().size() >= 10 * lanes);
  }

  /** Lets it last for a while, in which publishes have to be refused. */
  void last(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    scene.until("the time passes", () -> System.nanoTime() - until >= 0);
  }

  /**
   * Publishes failed, each was answered by the service before the publisher lost patience, and the
   * answer said when to come back.
   */
  void assertFast() {
    assertFalse(answers().isEmpty(), "no publish failed");
    assertEquals(
        List.of(),
        answers().stream().filter(a -> a.status() != 503 || !a.hasRetryAfter()).toList(),
        "answers other than 503 with Retry-After");
  }

  /** The same, and most were refused at once: nobody waited for a time limit again and again. */
  void assertAtOnce() {
    assertFast();
    long atOnce = answers().stream().filter(a -> !a.unknown()).count();
    assertTrue(atOnce >= answers().size() / 2, () -> atOnce + " of " + answers());
  }

  /** No WebSocket and no event stream was ended. */
  void assertConnectionsStayed() {
    List<String> came =
        scene.streams().stream()
            .filter(client -> client.welcomes() != welcomes.get(client))
            .map(Client::toString)
            .toList();
    assertEquals(List.of(), came);
  }
}
