package io.edgepush.service.faults;

import io.edgepush.hub.client.Message;
import io.edgepush.model.EventId;
import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What one client got of one topic. Not safe for several threads. */
final class TopicReception {
  private final List<Message.Gap> gaps = new ArrayList<>();
  private final TreeSet<Long> missing = new TreeSet<>();
  private final List<String> misplaced = new ArrayList<>();
  private final List<String> twice = new ArrayList<>();
  private Position last;
  private Position lastOfConnection;
  private long next;
  private long nextAtEpoch;
  private long accepted;
  private long again;

  /** A connection begins, within which the order is strict. */
  void connected() {
    lastOfConnection = null;
  }

  void gap(Message.Gap gap) {
    gaps.add(gap);
  }

  void event(EventId id, long number) {
    Position position = id.position();
    if (notBehind(position, lastOfConnection)) {
      misplaced.add(number + " at " + position + " after " + lastOfConnection);
    }
    lastOfConnection = position;
    if (notBehind(position, last)) {
      return; // a client drops it
    }
    if (last != null && !last.sameEpoch(position)) {
      nextAtEpoch = next;
    }
    last = position;
    take(number, position);
  }

  private static boolean notBehind(Position position, Position before) {
    return before != null && before.sameEpoch(position) && !position.isAfter(before);
  }

  private void take(long number, Position position) {
    accepted++;
    if (number >= next) {
      for (long passed = next; passed < number; passed++) {
        missing.add(passed);
      }
      next = number + 1;
    } else if (missing.remove(number)) {
      misplaced.add(number + " after " + (next - 1));
    } else if (number < nextAtEpoch) {
      again++;
    } else {
      twice.add(number + " at " + position);
    }
  }

  /** One more than the highest number that came. */
  long next() {
    return next;
  }

  long accepted() {
    return accepted;
  }

  void judge(Topic topic, Ledger ledger, Findings findings) {
    findings.misplaced(topic, misplaced);
    findings.twice(topic, twice);
    findings.again(again);
    findings.gaps(gaps);
    for (long number = next; number < ledger.count(topic); number++) {
      missing.add(number);
    }
    for (long number : missing) {
      boolean told = gaps.stream().anyMatch(gap -> ledger.covers(gap, number));
      findings.missed(topic, number, told);
    }
  }
}
