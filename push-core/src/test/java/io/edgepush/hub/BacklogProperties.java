package io.edgepush.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgepush.model.Content;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Gap;
import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import io.edgepush.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever is skipped, a gap in front of all that comes later tells of it. */
class BacklogProperties {
  private static final Overflow[] POLICIES = {
    Overflow.DISCONNECT,
    new Overflow(Overflow.Policy.LATEST, 1),
    new Overflow(Overflow.Policy.DROP_OLDEST, 1),
    new Overflow(Overflow.Policy.SAMPLE, 1),
  };

  private final WaitingFrames waiting = new WaitingFrames();
  private final List<Event> published = new ArrayList<>();
  private final Map<Topic, Position> lastOfTopic = new HashMap<>();
  private final Set<Position> told = new HashSet<>();
  private final Set<Position> delivered = new HashSet<>();
  private final Map<Topic, Position> deliveredOfTopic = new HashMap<>();
  private int skipped;

  @Property(tries = 2_000)
  void nothingIsSkippedInSilence(
      @ForAll @Size(max = 80) List<@IntRange(min = 0, max = 59) Integer> steps) {
    reset();
    for (int step : steps) {
      switch (step % 6) {
        case 0, 1, 2, 3 -> publish(step / 6);
        case 4 -> skipped += waiting.skipOldest() ? 1 : 0;
        default -> takeOne();
      }
      assertTrue(waiting.bytes() >= 0);
    }
    while (waiting.first() != null) {
      takeOne();
    }
    assertEquals(0, waiting.bytes());
    assertEquals(published.size(), delivered.size() + skipped);
    for (Event event : published) {
      assertTrue(
          delivered.contains(event.position()) || told.contains(event.position()),
          "lost in silence: " + event.id());
    }
  }

  private void reset() {
    published.clear();
    lastOfTopic.clear();
    told.clear();
    delivered.clear();
    deliveredOfTopic.clear();
    skipped = 0;
  }

  /** One of four topics, each with a policy, and one of two keys. */
  private void publish(int choice) {
    Topic topic = new Topic("t" + choice % 4);
    String key = choice >= 8 ? "k" : "";
    Position position = Position.of("abcdef", (published.size() + 1) + "-0");
    Position prev = lastOfTopic.getOrDefault(topic, Position.start("abcdef"));
    byte[] data = "1".getBytes(StandardCharsets.US_ASCII);
    Event event =
        new Event(
            new EventId(0, position),
            prev,
            topic,
            new Content("", key, Content.Encoding.JSON, data));
    published.add(event);
    lastOfTopic.put(topic, position);
    skipped +=
        waiting.add(WireFormat.WEBSOCKET_JSON.encode(event), event, POLICIES[choice % 4], false);
  }

  private void takeOne() {
    WaitingFrames.Entry entry = waiting.first();
    if (entry == null) {
      return;
    }
    waiting.removeFirst();
    if (entry.gap().isPresent()) {
      tell(entry.gap().get());
    } else {
      deliver(entry.event());
    }
  }

  private void tell(Gap gap) {
    for (Event event : published) {
      boolean after = event.position().isAfter(gap.from().position());
      boolean upTo = !event.position().isAfter(gap.to().position());
      if (event.topic().equals(gap.topic()) && after && upTo) {
        told.add(event.position());
      }
    }
  }

  /** Now a client's cursor may stand here: nothing before it may be unknown to it. */
  private void deliver(Event event) {
    for (Event earlier : published) {
      if (event.position().isAfter(earlier.position())) {
        assertTrue(
            delivered.contains(earlier.position()) || told.contains(earlier.position()),
            earlier.id() + " is neither delivered nor told of before " + event.id());
      }
    }
    Position before = deliveredOfTopic.put(event.topic(), event.position());
    assertTrue(before == null || event.position().isAfter(before));
    delivered.add(event.position());
  }
}
