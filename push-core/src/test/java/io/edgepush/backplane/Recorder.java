package io.edgepush.backplane;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Revocation;
import io.edgepush.model.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Remembers what a backplane called its listener with. Safe for any thread. */
public final class Recorder implements Backplane.Listener {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<Event> events = new ArrayList<>();
  private final Set<EventId> ids = new HashSet<>();
  private final List<Gap> gaps = new ArrayList<>();
  private final Set<Revocation> revocations = new HashSet<>();

  @Override
  public synchronized void onEvent(Event event) {
    events.add(event);
    ids.add(event.id());
  }

  @Override
  public synchronized void onGap(Gap gap) {
    gaps.add(gap);
  }

  @Override
  public synchronized void onRevocation(Revocation revocation) {
    revocations.add(revocation);
  }

  /** Waits for a revocation. */
  public void awaitRevocation(Revocation revocation) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> revocations().contains(revocation));
  }

  /** All revocations so far. */
  public synchronized Set<Revocation> revocations() {
    return Set.copyOf(revocations);
  }

  /** All events so far, in the order of the calls. */
  public synchronized List<Event> events() {
    return List.copyOf(events);
  }

  /** All gaps so far, in the order of the calls. */
  public synchronized List<Gap> gaps() {
    return List.copyOf(gaps);
  }

  /** The events of one topic so far. */
  public List<Event> events(Topic topic) {
    return events().stream().filter(event -> event.topic().equals(topic)).toList();
  }

  /** Waits for the event at a position, and returns all events until then. */
  public List<Event> awaitEvent(Published published) {
    if (!heard(published)) {
      await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(() -> heard(published));
    }
    return events();
  }

  /** Whether the event has come. */
  public synchronized boolean heard(Published published) {
    return ids.contains(published.id());
  }

  /**
   * Checks that each event came once and in the order of positions, and that no gap was announced.
   */
  public void assertInOrder() {
    assertEquals(List.of(), gaps());
    Map<Integer, Position> heads = new HashMap<>();
    for (Event event : events()) {
      Position before = heads.put(event.id().partition(), event.position());
      assertTrue(
          before == null || event.position().isAfter(before),
          () -> event.id() + " came after " + before);
    }
  }
}
