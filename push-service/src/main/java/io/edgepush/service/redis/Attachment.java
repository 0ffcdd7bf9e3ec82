package io.edgepush.service.redis;

import io.edgepush.backplane.Attached;
import io.edgepush.backplane.BackplaneException;
import io.edgepush.model.Position;
import io.edgepush.model.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A topic that is attached or about to be; for the thread of its {@link PartitionFeed}. */
final class Attachment {
  private record Waiting(CompletableFuture<Attached> answer, long deadline) {}

  private final Topic topic;
  private final long ticket;
  private final List<Waiting> waiting = new ArrayList<>(1);
  private boolean subscribed;
  private Position verified;
  private Position last;
  private int markedRound;
  private Position markedHead;

  Attachment(Topic topic, long ticket) {
    this.topic = topic;
    this.ticket = ticket;
  }

  Topic topic() {
    return topic;
  }

  /** Tells this attachment's subscription from those of earlier ones. */
  long ticket() {
    return ticket;
  }

  boolean subscribed() {
    return subscribed;
  }

  void subscribed(boolean now) {
    subscribed = now;
  }

  /** Whether it was attached once, so that from then on every event is delivered or in a gap. */
  boolean established() {
    return verified != null;
  }

  /**
   * Every event of the topic up to here was delivered or is in a gap that was announced; empty
   * until established.
   */
  Optional<Position> verified() {
    return Optional.ofNullable(verified);
  }

  /** Whether events up to a position were delivered; false where it is of another epoch. */
  boolean covers(Position position) {
    return verified.sameEpoch(position) && !position.isAfter(verified);
  }

  void verify(Position upTo) {
    verified = upTo;
  }

  /** Like {@link #verify} but never back within an epoch. */
  void verifyAtLeast(Position upTo) {
    if (verified == null || !verified.sameEpoch(upTo) || upTo.isAfter(verified)) {
      verified = upTo;
    }
  }

  /** Takes note of a mark. */
  void mark(int round, Position headThen, Position lastThen) {
    markedRound = round;
    markedHead = headThen;
    last = lastThen;
  }

  /** The head at its last mark. */
  Position markedHead() {
    return markedHead;
  }

  boolean marked(int round) {
    return markedRound == round;
  }

  /** Takes note of an event that came after the mark. */
  void seen(Position position) {
    if (last != null && last.sameEpoch(position) && position.isAfter(last)) {
      last = position;
    }
  }

  /** The last position that is known of since the mark. */
  Position last() {
    return last;
  }

  void await(CompletableFuture<Attached> answer, long deadline) {
    waiting.add(new Waiting(answer, deadline));
  }

  boolean awaited() {
    return !waiting.isEmpty();
  }

  /** Answers all who wait. */
  void answer(Position head, Position lastThen) {
    List<Waiting> answered = List.copyOf(waiting);
    waiting.clear();
    answered.forEach(w -> w.answer().complete(new Attached(topic, head, lastThen)));
  }

  /** Fails all who wait. */
  void fail(BackplaneException why) {
    List<Waiting> failed = List.copyOf(waiting);
    waiting.clear();
    failed.forEach(w -> w.answer().completeExceptionally(why));
  }

  /** Fails those whose time is over. */
  void expire(long now, BackplaneException why) {
    List<Waiting> failed = waiting.stream().filter(w -> w.deadline() - now <= 0).toList();
    waiting.removeIf(w -> w.deadline() - now <= 0);
    failed.forEach(w -> w.answer().completeExceptionally(why));
  }
}
