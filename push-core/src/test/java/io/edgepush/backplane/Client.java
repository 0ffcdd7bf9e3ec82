package io.edgepush.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.backplane.History.Moment;
import io.edgepush.model.Cursor;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A client as the protocol has it, with one cursor for all its topics; it notes what it is told and
 * checks it.
 */
final class Client {
  private final World world;
  private final Map<Topic, Told> topics = new HashMap<>();
  private Cursor cursor = Cursor.EMPTY;
  private boolean connected;

  Client(World world) {
    this.world = world;
  }

  void subscribe(Topic topic) {
    if (topics.putIfAbsent(topic, new Told()) == null && connected) {
      EventId head = attach(topic);
      topics.get(topic).begin(world.moment(head.position()));
      cursor = cursor.advancedTo(head);
    }
  }

  void disconnect() {
    connected = false;
    cursor = Cursor.parse(cursor.toString());
  }

  void resume(int page) {
    if (connected) {
      return;
    }
    connected = true;
    List<EventId> heads = new ArrayList<>();
    topics.forEach(
        (topic, told) -> {
          EventId head = attach(topic);
          heads.add(head);
          Position from = cursor.position(head.partition()).orElse(head.position());
          told.begin(world.moment(from));
          replay(topic, told, from, page);
        });
    heads.forEach(head -> cursor = cursor.advancedTo(head));
  }

  private EventId attach(Topic topic) {
    Attached attached = BackplaneFixture.done(world.backplane().attach(topic));
    return new EventId(topic.partition(world.backplane().partitions()), attached.head());
  }

  private void replay(Topic topic, Told told, Position from, int page) {
    List<Moment> replayed = new ArrayList<>();
    Position after = from;
    Replay replay;
    do {
      replay = BackplaneFixture.done(world.backplane().replay(topic, after, page));
      assertTrue(replay.events().size() <= page);
      if (replay.gap().isPresent()) {
        assertEquals(from, after, "only the first page has a gap");
        assertJustified(topic, replay.gap().get());
        told.gap(world.moment(from), world.moment(replay.from()));
      } else {
        assertEquals(List.of(), lost(topic, after), "lost without a gap");
      }
      replay.events().stream().map(event -> world.moment(event.position())).forEach(replayed::add);
      after = replay.upTo();
    } while (replay.more());
    replayed.forEach(told::event);
    assertEquals(world.history(topic).retainedAfter(world.moment(from)), replayed);
  }

  private List<Moment> lost(Topic topic, Position after) {
    History history = world.history(topic);
    List<Moment> lost = new ArrayList<>(history.after(world.moment(after)));
    lost.removeAll(history.retainedAfter(world.moment(after)));
    return lost;
  }

  private void assertJustified(Topic topic, Gap gap) {
    boolean justified =
        gap.reason() == Gap.Reason.EPOCH
            || !lost(topic, gap.from().position()).isEmpty()
            || world.mayBeForgotten(gap.to().position());
    assertTrue(justified, () -> "nothing was lost, but: " + gap);
  }

  boolean listensTo(Topic topic) {
    return connected && topics.containsKey(topic);
  }

  void hear(Event event) {
    topics.get(event.topic()).event(world.moment(event.position()));
    cursor = cursor.advancedTo(event.id());
  }

  /** Each event since the subscription was delivered, or lies inside a gap that was announced. */
  void assertToldOfEverything() {
    topics.forEach(
        (topic, told) -> {
          for (Moment event : world.history(topic).after(told.begin)) {
            assertTrue(
                told.events.contains(event) ^ told.inGap(event),
                () -> topic + ": " + event + " in " + told);
          }
        });
  }

  /** What the client was told of one topic. */
  private static final class Told {
    private record Span(Moment from, Moment to) {}

    private final List<Moment> events = new ArrayList<>();
    private final List<Span> gaps = new ArrayList<>();
    private Moment begin;
    private Moment reached;

    void begin(Moment at) {
      if (begin == null) {
        begin = at;
        reached = at;
      }
    }

    void event(Moment at) {
      assertTrue(at.compareTo(reached) > 0, () -> at + " came again or too late: " + this);
      events.add(at);
      reached = at;
    }

    void gap(Moment from, Moment to) {
      assertTrue(
          to.compareTo(from) > 0 && from.compareTo(reached) >= 0,
          () -> from + " to " + to + ": " + this);
      gaps.add(new Span(from, to));
      reached = to;
    }

    boolean inGap(Moment at) {
      return gaps.stream().anyMatch(gap -> at.compareTo(gap.from) > 0 && at.compareTo(gap.to) <= 0);
    }

    @Override
    public String toString() {
      return "events " + events + ", gaps " + gaps;
    }
  }
}
