package io.edgepush.service.redis;

import io.edgepush.model.Event;
import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Events that came while a partition had yet to find out what it missed. Most are in their streams
 * as well; those of topics without history are not. Beyond a bound in bytes all are dropped, and
 * the streams must do.
 */
final class Early {
  private static final int OVERHEAD = 128;

  private final long bound;
  private final Map<Topic, List<Event>> events = new HashMap<>();
  private long bytes;

  Early(long bound) {
    this.bound = bound;
  }

  void add(Event event) {
    bytes += OVERHEAD + event.content().data().length;
    if (bytes > bound) {
      events.clear();
    } else {
      events.computeIfAbsent(event.topic(), _ -> new ArrayList<>()).add(event);
    }
  }

  void clear() {
    events.clear();
    bytes = 0;
  }

  /** The events of a topic behind one position and up to another one of its epoch, in order. */
  List<Event> between(Topic topic, Position after, Position upTo) {
    return events.getOrDefault(topic, List.of()).stream()
        .filter(
            e ->
                e.position().sameEpoch(upTo)
                    && e.position().isAfter(after)
                    && !e.position().isAfter(upTo))
        .toList();
  }
}
