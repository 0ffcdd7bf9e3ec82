package io.edgepush.hub.client;

import io.edgepush.model.Cursor;
import io.edgepush.model.EventId;
import io.edgepush.model.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What was published, and the judge of what subscribers got of it. Safe for any thread. */
public final class Ledger {
  private final Map<Topic, NavigableMap<Moment, Entry>> topics = new HashMap<>();
  private final List<String> epochs = new ArrayList<>();

  /** An event that is stored. */
  private record Entry(EventId id, Object data) {}

  /** Positions with an order over epochs: in that in which they were published in. */
  private record Moment(int epoch, long ms, long seq) implements Comparable<Moment> {
    static final Moment BEGIN = new Moment(-1, 0, 0);

    @Override
    public int compareTo(Moment other) {
      return java.util.Comparator.comparingInt(Moment::epoch)
          .thenComparingLong(Moment::ms)
          .thenComparingLong(Moment::seq)
          .compare(this, other);
    }
  }

  /** Up to where each topic's events are not asked for. */
  public static final class Mark {
    private final Map<Topic, Moment> at = new HashMap<>();

    private Mark() {}
  }

  /** Notes that an event was stored. */
  public synchronized void published(Topic topic, EventId id, Object data) {
    epoch(id);
    Entry before =
        topics.computeIfAbsent(topic, t -> new TreeMap<>()).put(moment(id), new Entry(id, data));
    if (before != null) {
      throw new AssertionError("two events have the id " + id);
    }
  }

  /** Notes an epoch at the latest when something was published in it. */
  public synchronized void epoch(EventId id) {
    if (!epochs.contains(id.position().epoch())) {
      epochs.add(id.position().epoch());
    }
  }

  /** How many events were published. */
  public synchronized int published() {
    return topics.values().stream().mapToInt(Map::size).sum();
  }

  /** The ids of a topic's events, oldest first. */
  public synchronized List<EventId> ids(Topic topic) {
    return entries(topic).values().stream().map(Entry::id).toList();
  }

  /**
   * As of now: what a subscriber that asks for these topics from now on has to get lies behind it.
   */
  public synchronized Mark now(Collection<Topic> names) {
    Mark mark = new Mark();
    names.forEach(
        topic ->
            mark.at.put(topic, entries(topic).isEmpty() ? Moment.BEGIN : entries(topic).lastKey()));
    return mark;
  }

  /** Everything of these topics. */
  public synchronized Mark all(Collection<Topic> names) {
    Mark mark = new Mark();
    names.forEach(topic -> mark.at.put(topic, Moment.BEGIN));
    return mark;
  }

  /** Behind an event, published or not. */
  public synchronized Mark behind(Topic topic, EventId id) {
    Mark mark = new Mark();
    mark.at.put(topic, moment(id));
    return mark;
  }

  /** Behind a cursor that names the partitions of all these topics. */
  public synchronized Mark behind(Collection<Topic> names, Cursor cursor, int partitions) {
    Mark mark = new Mark();
    for (Topic topic : names) {
      int partition = topic.partition(partitions);
      mark.at.put(topic, moment(new EventId(partition, cursor.position(partition).orElseThrow())));
    }
    return mark;
  }

  /** Compares what a subscriber got with what it had to get since the mark. */
  public synchronized Account account(ClientView view, Mark since) {
    return account(view, since, Optional.empty());
  }

  /** The same, up to the subscriber's cursor: while events flow, that much it must have. */
  public synchronized Account accountUpToCursor(ClientView view, Mark since) {
    return account(view, since, Optional.of(view.cursor()));
  }

  /**
   * Whether all events that a subscriber got are noted here: the publisher may hear of them later.
   */
  public synchronized boolean knowsAllOf(ClientView view) {
    return view.accepted().stream().allMatch(e -> entries(e.topic()).containsKey(moment(e.id())));
  }

  private Account account(ClientView view, Mark since, Optional<Cursor> upTo) {
    Map<Topic, List<Message.Event>> got = new HashMap<>();
    view.accepted().forEach(e -> got.computeIfAbsent(e.topic(), t -> new ArrayList<>()).add(e));
    Account total = Account.NONE;
    for (Map.Entry<Topic, Moment> entry : since.at.entrySet()) {
      Topic topic = entry.getKey();
      total =
          total.plus(
              account(
                  view,
                  topic,
                  entry.getValue(),
                  due(topic, entry.getValue(), upTo),
                  got.getOrDefault(topic, List.of())));
    }
    return total;
  }

  private List<EventId> due(Topic topic, Moment since, Optional<Cursor> upTo) {
    return entries(topic).tailMap(since, false).values().stream()
        .map(Entry::id)
        .filter(id -> upTo.isEmpty() || upTo.get().advancedTo(id).equals(upTo.get()))
        .toList();
  }

  private Account account(
      ClientView view, Topic topic, Moment since, List<EventId> due, List<Message.Event> got) {
    List<Message.Gap> gaps = view.gaps().stream().filter(g -> g.topic().equals(topic)).toList();
    Set<EventId> ids = new HashSet<>();
    got.forEach(e -> ids.add(e.id()));
    List<EventId> lost = new ArrayList<>();
    int inGaps = 0;
    for (EventId id : due) {
      if (!ids.contains(id)) {
        if (gaps.stream().anyMatch(gap -> within(gap, id))) {
          inGaps++;
        } else {
          lost.add(id);
        }
      }
    }
    int delivered = due.size() - lost.size() - inGaps;
    return new Account(
        due.size(),
        delivered,
        lost,
        got.size() - ids.size(),
        misplaced(view, topic, since, got, ids),
        altered(topic, got),
        inGaps,
        gaps.size(),
        view.violations());
  }

  /**
   * What came after a later one. What lies before the mark was not asked for, but a node that is
   * behind the one that gave the cursor may send it, and the client drops it.
   */
  private List<EventId> misplaced(
      ClientView view, Topic topic, Moment since, List<Message.Event> got, Set<EventId> ids) {
    List<EventId> misplaced = new ArrayList<>();
    Moment before = Moment.BEGIN;
    for (Message.Event event : got) {
      Moment moment = moment(event.id());
      if (moment.compareTo(before) < 0) {
        misplaced.add(event.id());
      }
      before = moment;
    }
    view.dropped().stream()
        .filter(e -> e.topic().equals(topic))
        .map(Message.Event::id)
        .filter(id -> !ids.contains(id) && moment(id).compareTo(since) > 0)
        .forEach(misplaced::add);
    return misplaced;
  }

  private List<EventId> altered(Topic topic, List<Message.Event> got) {
    return got.stream()
        .filter(
            e ->
                !Optional.ofNullable(entries(topic).get(moment(e.id())))
                    .map(Entry::data)
                    .equals(Optional.of(e.data())))
        .map(Message.Event::id)
        .toList();
  }

  private boolean within(Message.Gap gap, EventId id) {
    Moment at = moment(id);
    boolean behindFrom =
        !epochs.contains(gap.from().position().epoch()) || at.compareTo(moment(gap.from())) > 0;
    boolean upToTo =
        !epochs.contains(gap.to().position().epoch()) || at.compareTo(moment(gap.to())) <= 0;
    return behindFrom && upToTo;
  }

  /** Whether an event that was published lies within the gap and fulfils the condition. */
  public synchronized boolean anyWithin(
      Message.Gap gap, java.util.function.Predicate<EventId> condition) {
    return entries(gap.topic()).values().stream()
        .map(Entry::id)
        .anyMatch(id -> within(gap, id) && condition.test(id));
  }

  private NavigableMap<Moment, Entry> entries(Topic topic) {
    return topics.getOrDefault(topic, new TreeMap<>());
  }

  private Moment moment(EventId id) {
    int epoch = epochs.indexOf(id.position().epoch());
    return new Moment(epoch < 0 ? epochs.size() : epoch, id.position().ms(), id.position().seq());
  }
}
