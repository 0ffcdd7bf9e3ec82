package io.edgepush.service.redis;

import io.edgepush.backplane.BackplaneException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The commands of one partition on their way, which keep their order whichever server they go to.
 * They pass through as long as no server sends one back. Then new ones wait, until all that are
 * under way have been answered or come back too; and all go on in their order, to where the
 * partition lives by then. The first goes alone: were several under way, the server could refuse
 * some and then take those behind them. It is the same for the first when the home changed.
 */
final class Lane {
  private static final int MOST_AT_ONCE = 3;

  private final int partition;
  private final Lanes lanes;
  // Guards everything below and the state of entries. Nothing is sent or completed under it.
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Entry> held = new PriorityQueue<>(Comparator.comparingLong(e -> e.number));
  private Optional<Pipeline> home = Optional.empty();
  private Optional<BackplaneException> nowhere = Optional.empty();
  private long numbers;
  private int underWay;
  private boolean holding = true;
  private boolean regrouping;
  private boolean probing;
  private boolean draining;
  private boolean paused;
  private boolean claimDue;

  private enum State {
    HELD,
    UNDER_WAY,
    LEFT
  }

  private static final class Entry {
    private final Command command;
    private final long number;
    private State state = State.HELD;
    private Optional<Pipeline> ask = Optional.empty();
    private BackplaneException why;
    private int returns;

    Entry(Command command, long number) {
      this.command = command;
      this.number = number;
    }
  }

  Lane(int partition, Lanes lanes) {
    this.partition = partition;
    this.lanes = lanes;
  }

  /** Sends a command, or fails it. */
  void send(Command command) {
    Optional<Pipeline> to = Optional.empty();
    Optional<BackplaneException> failure = Optional.empty();
    lock.lock();
    try {
      Entry entry = new Entry(command, ++numbers);
      command.home(detour -> back(entry, detour));
      if (home.isEmpty() && nowhere.isPresent()) {
        failure = nowhere;
      } else if (holding) {
        failure = hold(entry);
      } else {
        entry.state = State.UNDER_WAY;
        underWay++;
        to = home;
      }
      if (failure.isEmpty()) {
        command.reply().whenComplete((_, _) -> left(entry));
      }
    } finally {
      lock.unlock();
    }
    failure.ifPresent(why -> Link.fail(command, why));
    to.ifPresentOrElse(pipeline -> pipeline.send(command), this::resume);
  }

  private Optional<BackplaneException> hold(Entry entry) {
    if (!lanes.hold(entry.command)) {
      return Optional.of(Faults.overload());
    }
    held.add(entry);
    return Optional.empty();
  }

  /** The partition lives here from now on. */
  void home(Pipeline pipeline) {
    lock.lock();
    try {
      if (home.filter(pipeline::equals).isEmpty()) {
        regrouping = underWay > 0;
        probing = home.isPresent();
        holding = true;
      }
      home = Optional.of(pipeline);
      nowhere = Optional.empty();
      paused = false;
    } finally {
      lock.unlock();
    }
    resume();
  }

  /** The partition lives nowhere for now: what waits and what comes fails. */
  void nowhere(BackplaneException why) {
    List<Entry> failed = new ArrayList<>();
    lock.lock();
    try {
      home = Optional.empty();
      nowhere = Optional.of(why);
      holding = true;
      failed.addAll(held);
      held.clear();
    } finally {
      lock.unlock();
    }
    failed.forEach(entry -> fail(entry, why));
  }

  /** Nobody knows where the partition lives: the same, unless that was known before. */
  void unknown(BackplaneException why) {
    if (home().isEmpty()) {
      nowhere(why);
    }
  }

  private Optional<Pipeline> home() {
    lock.lock();
    try {
      return home;
    } finally {
      lock.unlock();
    }
  }

  /** A server sent a command away. */
  private void back(Entry entry, Detour detour) {
    Optional<BackplaneException> failure = Optional.empty();
    lock.lock();
    try {
      if (entry.state != State.UNDER_WAY) {
        return;
      }
      entry.state = State.HELD;
      underWay--;
      holding = true;
      regrouping = true;
      probing = true;
      entry.why = detour.why();
      entry.ask = Optional.empty();
      boolean often = ++entry.returns > MOST_AT_ONCE;
      switch (detour.kind()) {
        case ASK -> ask(entry, detour);
        case CLAIM -> claimDue = true;
        case MOVED, WAIT, DOWN -> paused = true;
        case SCRIPT, RETIRED -> paused |= often;
      }
      failure = home.isEmpty() && nowhere.isPresent() ? nowhere : hold(entry);
    } finally {
      lock.unlock();
    }
    failure.ifPresent(why -> Link.fail(entry.command, why));
    resume();
  }

  private void ask(Entry entry, Detour detour) {
    entry.ask = entry.command.fansOut() ? Optional.empty() : detour.target().flatMap(lanes::at);
    paused |= entry.ask.isEmpty() || entry.returns > MOST_AT_ONCE;
  }

  private void left(Entry entry) {
    boolean others;
    lock.lock();
    try {
      if (entry.state == State.UNDER_WAY) {
        underWay--;
      }
      entry.state = State.LEFT;
      others = holding;
    } finally {
      lock.unlock();
    }
    if (others) {
      resume();
    }
  }

  private void resume() {
    Optional<Entry> next = next(true);
    while (next.isPresent()) {
      Entry entry = next.get();
      if (entry.command.expired(System.nanoTime())) {
        // Not the fault of the server that it would go to.
        Link.fail(entry.command, late(entry));
      } else if (entry.ask.isPresent()) {
        entry.command.askFirst();
        entry.ask.get().send(entry.command);
      } else {
        home().ifPresentOrElse(to -> to.send(entry.command), () -> retry(entry));
      }
      next = next(false);
    }
  }

  private static BackplaneException late(Entry entry) {
    return entry.why == null || entry.command.sent()
        ? Faults.unanswered(entry.command, "the time was over", entry.why)
        : entry.why;
  }

  private void retry(Entry entry) {
    back(entry, Detour.retired());
  }

  /**
   * The next command to send on; empty when it is not time, or somebody else is about it.
   *
   * @param begin false when asked by whoever got the last one
   */
  private Optional<Entry> next(boolean begin) {
    lock.lock();
    try {
      if (!holding || begin && draining) {
        return Optional.empty();
      }
      regrouping &= underWay > 0;
      draining = !paused && home.isPresent() && !regrouping;
      if (!draining) {
        return Optional.empty();
      }
      Entry next = claimDue ? claim() : poll();
      if (next == null) {
        holding = probing;
        draining = false;
        return Optional.empty();
      }
      next.state = State.UNDER_WAY;
      underWay++;
      regrouping = probing;
      probing = claimDue;
      return Optional.of(next);
    } finally {
      lock.unlock();
    }
  }

  private Entry poll() {
    Entry next = held.poll();
    while (next != null) {
      lanes.release(next.command);
      if (!next.command.reply().isDone()) {
        return next;
      }
      next = held.poll();
    }
    return null;
  }

  /** Goes alone, before all others. */
  private Entry claim() {
    Entry claim = new Entry(lanes.claim(partition), 0);
    claim.command.home(detour -> Link.fail(claim.command, detour.why()));
    claim.command.reply().whenComplete((began, failure) -> claimed(claim, failure == null));
    return claim;
  }

  private void claimed(Entry claim, boolean done) {
    lock.lock();
    try {
      claimDue &= !done;
      paused |= !done;
    } finally {
      lock.unlock();
    }
    left(claim);
  }

  /** Time went on: what waited for that goes on, and what waits for too long fails. */
  void tick(long now) {
    List<Entry> failed = new ArrayList<>();
    lock.lock();
    try {
      if (!holding) {
        return;
      }
      paused = false;
      held.stream().filter(e -> e.command.expired(now)).forEach(failed::add);
      held.removeAll(failed);
    } finally {
      lock.unlock();
    }
    failed.forEach(entry -> fail(entry, late(entry)));
    resume();
  }

  private void fail(Entry entry, BackplaneException why) {
    lanes.release(entry.command);
    Link.fail(
        entry.command,
        entry.command.sent() ? Faults.unanswered(entry.command, why.getMessage(), why) : why);
  }
}
