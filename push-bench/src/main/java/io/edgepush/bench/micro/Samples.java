package io.edgepush.bench.micro;

import io.edgepush.model.Content;
import io.edgepush.model.Event;
import io.edgepush.model.EventId;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Topic;
import java.nio.charset.StandardCharsets;

/** What the benchmarks work on. */
final class Samples {
  static final Topic TOPIC = new Topic("orders.eu.42");
  static final Content CONTENT =
      Content.json(
          "{\"total\":99.5,\"currency\":\"EUR\",\"items\":[1,2,3]}"
              .getBytes(StandardCharsets.UTF_8));

  private Samples() {}

  static Event event() {
    return new Event(
        new EventId(0, new Position("k3Fz8Q", 1_763_800_000_000L, 3)),
        new Position("k3Fz8Q", 1_763_800_000_000L, 2),
        TOPIC,
        CONTENT);
  }

  static Publication publication(long number) {
    return new Publication(TOPIC, CONTENT, "bench-" + number, false);
  }
}
