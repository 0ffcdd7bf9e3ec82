package io.edgepush.service.redis;

import io.edgepush.backplane.BackplaneException;
import io.edgepush.backplane.Published;
import io.edgepush.model.Publication;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The events of one partition on their way to Redis, in their order. While a call is under way,
 * what comes is gathered for the next one, which goes when the call is answered or when it is full:
 * a busy partition pays for calls by the group, in an idle one nobody waits, and a distant Redis
 * costs time but no throughput. Safe for any thread; nothing blocks.
 */
final class PublishQueue {
  /** A call blocks the server: at most so many events, and so many bytes unless one has more. */
  private static final int MOST_EVENTS = 128;

  private static final int MOST_BYTES = 256 << 10;

  private final int partition;
  private final Keys keys;
  private final Lanes lanes;
  private final Queue<Group> underWay = new ConcurrentLinkedQueue<>();
  // Guards all below. Nothing is sent or completed under it.
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private int calls;

  /** Somebody is about to send: one at a time, for the order. */
  private boolean sending;

  /**
   * An event, and where its answer goes.
   *
   * @param policy what is kept of it
   * @param deadline when an answer is due, by {@link System#nanoTime()}
   */
  record Entry(
      Publication publication, Policy policy, CompletableFuture<Published> answer, long deadline) {
    private boolean expired(long now) {
      return deadline - now <= 0;
    }

    private int bytes() {
      return publication.content().data().length;
    }
  }

  private record Group(List<Entry> entries, PublishCall call, Command command) {}

  PublishQueue(int partition, Keys keys, Lanes lanes) {
    this.partition = partition;
    this.keys = keys;
    this.lanes = lanes;
  }

  /** Publishes events behind those that were added before. */
  void add(List<Entry> entries) {
    lock.lock();
    try {
      for (Entry entry : entries) {
        waiting.add(entry);
        waitingBytes += entry.bytes();
      }
    } finally {
      lock.unlock();
    }
    proceed();
  }

  private void proceed() {
    List<Entry> next = next();
    while (!next.isEmpty()) {
      Group group = group(next);
      underWay.add(group);
      CompletableFuture<Object> reply = lanes.send(partition, group.command());
      sent();
      if (reply.isDone()) { // the loop goes on, so that a long line that fails needs no deep stack
        over(group);
        reply.whenComplete((value, failure) -> end(group, value, failure));
      } else {
        reply.whenComplete((value, failure) -> answered(group, value, failure));
      }
      next = next();
    }
  }

  /**
   * What is to be sent now by this thread; nothing when it is not time, or another one is about it.
   */
  private List<Entry> next() {
    lock.lock();
    try {
      boolean full = waiting.size() >= MOST_EVENTS || waitingBytes >= MOST_BYTES;
      if (sending || waiting.isEmpty() || calls > 0 && !full) {
        return List.of();
      }
      sending = true;
      calls++;
      List<Entry> entries = new ArrayList<>();
      int bytes = 0;
      do {
        Entry entry = remove();
        bytes += entry.bytes();
        entries.add(entry);
      } while (!waiting.isEmpty() && entries.size() < MOST_EVENTS && bytes < MOST_BYTES);
      return entries;
    } finally {
      lock.unlock();
    }
  }

  private Entry remove() {
    Entry entry = waiting.remove();
    waitingBytes -= entry.bytes();
    return entry;
  }

  private Group group(List<Entry> entries) {
    PublishCall call = new PublishCall(keys, partition);
    entries.forEach(e -> call.add(e.publication(), e.policy()));
    return new Group(entries, call, call.command(entries.getLast().deadline()));
  }

  private void sent() {
    lock.lock();
    try {
      sending = false;
    } finally {
      lock.unlock();
    }
  }

  private void answered(Group group, Object reply, Throwable failure) {
    over(group);
    proceed(); // first, so that Redis has something to do while the answers are told
    end(group, reply, failure);
  }

  private void over(Group group) {
    underWay.remove(group);
    lock.lock();
    try {
      calls--;
    } finally {
      lock.unlock();
    }
  }

  private static void end(Group group, Object reply, Throwable failure) {
    if (failure == null) {
      answer(group, reply);
    } else {
      fail(group.entries(), Faults.of(failure));
    }
  }

  private static void answer(Group group, Object reply) {
    List<Published> published;
    try {
      published = group.call().published((byte[]) reply, group.command().sends() > 1);
    } catch (RuntimeException e) {
      fail(group.entries(), new BackplaneException("an answer that was not expected", e, true, 0));
      return;
    }
    for (int i = 0; i < published.size(); i++) {
      group.entries().get(i).answer().complete(published.get(i));
    }
  }

  private static void fail(List<Entry> entries, BackplaneException why) {
    entries.forEach(entry -> entry.answer().completeExceptionally(why));
  }

  /** Fails what waits for too long, whether it was sent or not. */
  void tick(long now) {
    List<Entry> unsent = new ArrayList<>();
    lock.lock();
    try {
      while (!waiting.isEmpty() && waiting.peek().expired(now)) {
        unsent.add(remove());
      }
    } finally {
      lock.unlock();
    }
    fail(unsent, Faults.away("the time was over", null, 0));
    underWay.forEach(
        group ->
            fail(
                group.entries().stream().filter(e -> e.expired(now)).toList(),
                Faults.unanswered(group.command(), "the time was over", null)));
  }
}
