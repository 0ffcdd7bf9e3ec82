package io.edgepush.backplane;

import io.edgepush.model.Position;
import io.edgepush.model.Retention;
import java.util.ArrayList;
import java.util.List;

/** The reference for one topic: everything that was ever published, and which of it is retained. */
final class History {
  /** An event: when it was published and how big it is. */
  record Entry(Moment at, int bytes) {}

  /** A position of a partition, in the order of all lives of the store. */
  record Moment(int life, Position position) implements Comparable<Moment> {
    @Override
    public int compareTo(Moment other) {
      if (life != other.life) {
        return Integer.compare(life, other.life);
      }
      return position.equals(other.position) ? 0 : position.isAfter(other.position) ? 1 : -1;
    }
  }

  private final Retention retention;
  private final List<Entry> all = new ArrayList<>();
  private int retainedFrom;

  History(Retention retention) {
    this.retention = retention;
  }

  void add(Entry entry, long nowMs) {
    all.add(entry);
    trim(nowMs);
  }

  void drop() {
    retainedFrom = all.size();
  }

  int retained() {
    return all.size() - retainedFrom;
  }

  void trim(long nowMs) {
    while (retainedFrom < all.size() && (tooMany() || tooOld(nowMs))) {
      retainedFrom++;
    }
  }

  private boolean tooMany() {
    List<Entry> retained = all.subList(retainedFrom, all.size());
    return retained.size() > retention.events()
        || retained.stream().mapToInt(Entry::bytes).sum() > retention.bytes();
  }

  private boolean tooOld(long nowMs) {
    return nowMs - all.get(retainedFrom).at().position().ms() >= retention.age().toMillis();
  }

  /** All events behind a moment. */
  List<Moment> after(Moment moment) {
    return after(all, moment);
  }

  /** The events behind a moment that can be replayed. */
  List<Moment> retainedAfter(Moment moment) {
    return after(all.subList(retainedFrom, all.size()), moment);
  }

  private static List<Moment> after(List<Entry> entries, Moment moment) {
    return entries.stream().map(Entry::at).filter(at -> at.compareTo(moment) > 0).toList();
  }
}
