package io.edgepush.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.edgepush.backplane.History.Entry;
import io.edgepush.backplane.History.Moment;
import io.edgepush.model.Content;
import io.edgepush.model.Event;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A memory backplane, its clients and the reference they are compared with, moved on step by step.
 */
final class World implements Backplane.Listener {
  static final int TOPICS = 5;
  static final int CLIENTS = 3;

  private final int partitions;
  private final ManualClock clock = new ManualClock();
  private final Map<Topic, History> histories = new HashMap<>();
  private final List<Client> clients =
      IntStream.range(0, CLIENTS).mapToObj(i -> new Client(this)).toList();
  private final Map<String, Integer> lives = new HashMap<>();
  private int life;
  private int published;
  private long nowMs;
  private Backplane backplane;

  World(int partitions) {
    this.partitions = partitions;
    begin();
  }

  private void begin() {
    life++;
    nowMs = clock.millis();
    backplane = new MemoryBackplane(partitions, World::retention, clock);
    backplane.start(this);
  }

  private static Topic topic(int number) {
    return new Topic("topic." + number);
  }

  /**
   * Most topics keep little; one keeps nothing, and one keeps events for longer than last positions
   * are kept.
   */
  private static Retention retention(Topic topic) {
    return switch (topic.name()) {
      case "topic.1" -> new Retention(Duration.ofSeconds(1), 0, 1_000);
      case "topic.2" -> new Retention(Duration.ofDays(3), 4, 1_000);
      default -> new Retention(Duration.ofSeconds(1), 4, 300);
    };
  }

  void take(Step step) {
    switch (step) {
      case Step.Publish(int topic, int padding) -> publish(topic(topic), padding);
      case Step.LetPass(Duration time) -> letPass(time);
      case Step.Purge(int topic) -> purge(topic(topic));
      case Step.Subscribe(int client, int topic) -> clients.get(client).subscribe(topic(topic));
      case Step.Cut(int client) -> cut(clients.get(client));
      case Step.Resume(int client, int page) -> clients.get(client).resume(page);
      case Step.Restart() -> restart();
    }
  }

  /** Lets each client catch up, and checks that it was told of everything. */
  void finish() {
    clients.forEach(
        client -> {
          cut(client);
          client.resume(2);
          client.assertToldOfEverything();
        });
  }

  private void publish(Topic topic, int padding) {
    byte[] data = (published++ + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
    Publication publication = new Publication(topic, Content.json(data), "key " + published, true);
    Published stored = BackplaneFixture.done(backplane.publish(List.of(publication)).getFirst());
    assertFalse(stored.duplicate());
    history(topic).add(new Entry(moment(stored.id().position()), data.length), nowMs);
    assertEquals(
        history(topic).retained(), BackplaneFixture.done(backplane.state(topic)).retained());
  }

  private void letPass(Duration time) {
    clock.advance(time);
    BackplaneFixture.done(
        backplane.check()); // so that the partitions see each time that the reference sees
    nowMs = Math.max(nowMs, clock.millis());
  }

  private void purge(Topic topic) {
    history(topic).drop();
    assertEquals(0, BackplaneFixture.done(backplane.purge(topic)).retained());
  }

  private void restart() {
    clients.forEach(Client::disconnect);
    backplane.close();
    histories.values().forEach(History::drop);
    begin();
  }

  private void cut(Client client) {
    client.disconnect();
    IntStream.range(0, TOPICS)
        .mapToObj(World::topic)
        .filter(topic -> clients.stream().noneMatch(other -> other.listensTo(topic)))
        .forEach(backplane::detach);
  }

  @Override
  public void onEvent(Event event) {
    List<Client> listening =
        clients.stream().filter(client -> client.listensTo(event.topic())).toList();
    assertFalse(listening.isEmpty(), "only events of attached topics come");
    listening.forEach(client -> client.hear(event));
  }

  @Override
  public void onGap(Gap gap) {
    throw new AssertionError("in memory nothing gets lost on the way: " + gap);
  }

  Backplane backplane() {
    return backplane;
  }

  /** What there is of a topic now. */
  History history(Topic topic) {
    History history = histories.computeIfAbsent(topic, t -> new History(retention(t)));
    history.trim(nowMs);
    return history;
  }

  /** When a position was; an epoch that was never seen before is of the present life. */
  Moment moment(Position position) {
    return new Moment(lives.computeIfAbsent(position.epoch(), epoch -> life), position);
  }

  /** Whether it lies so far back that topics may have been forgotten by then. */
  boolean mayBeForgotten(Position position) {
    return position.ms() > 0 && position.ms() <= nowMs - Duration.ofHours(24).toMillis();
  }
}
