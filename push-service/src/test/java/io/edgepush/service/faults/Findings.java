package io.edgepush.service.faults;

import io.edgepush.hub.client.Message;
import io.edgepush.model.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** What is to be said of all clients together. For one thread. */
final class Findings {
  private static final int SHOWN = 20;

  private final long published;
  private final Map<Topic, NavigableSet<Long>> lost = new HashMap<>();
  private final List<String> silent = new ArrayList<>();
  private final List<String> twice = new ArrayList<>();
  private final List<String> misplaced = new ArrayList<>();
  private final List<String> reasons = new ArrayList<>();
  private long gaps;
  private long again;

  Findings(long published) {
    this.published = published;
  }

  void missed(Topic topic, long number, boolean told) {
    lost.computeIfAbsent(topic, _ -> new TreeSet<>()).add(number);
    if (!told) {
      silent.add(topic + " " + number);
    }
  }

  void twice(Topic topic, Collection<String> events) {
    events.forEach(event -> twice.add(topic + " " + event));
  }

  void misplaced(Topic topic, Collection<String> events) {
    events.forEach(event -> misplaced.add(topic + " " + event));
  }

  /** Events came again with another id: their store had forgotten that it had them. */
  void again(long events) {
    again += events;
  }

  void gaps(Collection<Message.Gap> announced) {
    gaps += announced.size();
    announced.stream()
        .map(Message.Gap::reason)
        .filter(reason -> !reasons.contains(reason))
        .forEach(reasons::add);
  }

  /** Events that not every subscriber got. */
  int lost() {
    return lost.values().stream().mapToInt(Set::size).sum();
  }

  /** Whether everyone got each of the first so many events of a topic. */
  boolean allGot(Topic topic, int first) {
    NavigableSet<Long> missed = lost.get(topic);
    return missed == null || missed.first() >= first;
  }

  /** How often a client got an event again of a store that had forgotten it. */
  long again() {
    return again;
  }

  /** Gaps that clients were told of. */
  long gaps() {
    return gaps;
  }

  /** Why there were gaps. */
  List<String> reasons() {
    return reasons;
  }

  /** The verdict. */
  String sentence() {
    return published
        + " published, "
        + (published - lost())
        + " delivered to each, "
        + lost()
        + " lost, "
        + twice.size()
        + " twice, "
        + misplaced.size()
        + " out of order, "
        + gaps
        + " gaps announced, "
        + silent.size()
        + " silent"
        + details();
  }

  private String details() {
    StringBuilder text = new StringBuilder();
    add(text, "silent", silent);
    add(text, "twice", twice);
    add(text, "out of order", misplaced);
    return text.toString();
  }

  private static void add(StringBuilder text, String name, List<String> events) {
    if (!events.isEmpty()) {
      text.append("; ").append(name).append(": ").append(events.stream().limit(SHOWN).toList());
    }
  }
}
