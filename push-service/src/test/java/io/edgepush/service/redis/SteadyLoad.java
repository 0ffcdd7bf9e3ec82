package io.edgepush.service.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgepush.backplane.Recorder;
import io.edgepush.model.Content;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Publishes at a steady pace, each publication until it is answered as stored, and judges what a
 * listener heard of it: every event that was answered came once and in order, or a gap tells of it.
 */
final class SteadyLoad implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MOST_AGAIN = 20;
  private static final long PACE_MS = 2;

  private final RedisBackplane node;
  private final List<Topic> topics;
  private final Queue<Stored> stored = new ConcurrentLinkedQueue<>();
  private final Queue<Publication> again = new ConcurrentLinkedQueue<>();
  private final AtomicInteger started = new AtomicInteger();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  private record Stored(Topic topic, EventId id) {}

  SteadyLoad(RedisBackplane node, List<Topic> topics) {
    this.node = node;
    this.topics = topics;
    timer.scheduleAtFixedRate(this::step, 0, PACE_MS, TimeUnit.MILLISECONDS);
  }

  private void step() {
    if (!timer.isShutdown()) {
      int number = started.getAndIncrement();
      byte[] json = Integer.toString(number).getBytes(StandardCharsets.UTF_8);
      publish(
          new Publication(
              topics.get(number % topics.size()), Content.json(json), "key" + number, true));
    }
    repeat();
  }

  private void repeat() {
    for (int i = 0; i < MOST_AGAIN && !again.isEmpty(); i++) {
      publish(again.remove());
    }
  }

  private void publish(Publication publication) {
    node.publish(List.of(publication))
        .getFirst()
        .whenComplete(
            (published, failure) -> {
              if (failure == null) {
                stored.add(new Stored(publication.topic(), published.id()));
              } else {
                again.add(publication);
              }
            });
  }

  /** Waits until so many more are stored. */
  void awaitStored(int more) {
    int enough = stored.size() + more;
    await().atMost(PATIENCE).until(() -> stored.size() >= enough);
  }

  /** Ends it, and waits until everything that was begun is stored. */
  void finish() {
    timer.shutdown();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              repeat();
              return stored.size() == started.get();
            });
  }

  /** Those of events that were answered as stored. */
  Set<EventId> ids() {
    return new HashSet<>(stored.stream().map(Stored::id).toList());
  }

  /** How many were published. */
  int count() {
    return started.get();
  }

  /**
   * Judges what was heard, after {@link #finish}: waits until each event that was answered came or
   * is in a gap.
   *
   * @return how many are in a gap
   */
  int judge(Recorder heard) {
    await().atMost(PATIENCE).until(() -> silent(heard).isEmpty());
    assertOrder(heard.events());
    Set<EventId> came = new HashSet<>(heard.events().stream().map(Event::id).toList());
    return (int) stored.stream().filter(each -> !came.contains(each.id())).count();
  }

  /** What neither came nor is in a gap. */
  private List<Stored> silent(Recorder heard) {
    Set<EventId> came = new HashSet<>();
    heard.events().forEach(event -> came.add(event.id()));
    List<Gap> gaps = heard.gaps();
    return stored.stream()
        .filter(p -> !came.contains(p.id()))
        .filter(p -> gaps.stream().noneMatch(gap -> covers(gap, p)))
        .toList();
  }

  private static boolean covers(Gap gap, Stored event) {
    Position at = event.id().position();
    if (!gap.topic().equals(event.topic())) {
      return false;
    }
    Position from = gap.from().position();
    Position to = gap.to().position();
    return at.sameEpoch(from)
        ? at.isAfter(from) && (!at.sameEpoch(to) || !at.isAfter(to))
        : at.sameEpoch(to) && !at.isAfter(to);
  }

  /** Each came once, behind the one before it; an epoch that was left does not come back. */
  private static void assertOrder(List<Event> events) {
    List<String> wrong = new ArrayList<>();
    Map<Integer, Position> last = new HashMap<>();
    Map<Integer, Set<String>> left = new HashMap<>();
    for (Event event : events) {
      int partition = event.id().partition();
      Position at = event.position();
      Position before = last.put(partition, at);
      if (before != null && !before.sameEpoch(at)) {
        left.computeIfAbsent(partition, _ -> new HashSet<>()).add(before.epoch());
      } else if (before != null && !at.isAfter(before)) {
        wrong.add(event.id() + " came behind " + before);
      }
      if (left.getOrDefault(partition, Set.of()).contains(at.epoch())) {
        wrong.add(event.id() + " came behind another epoch");
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
