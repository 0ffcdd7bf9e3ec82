package io.edgepush.hub;

import io.edgepush.wire.CloseReason;
import io.edgepush.wire.Frame;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The frames that wait for one connection, bounded in bytes. Any thread appends, without a lock;
 * one drainer at a time takes. An outbox that has something to write is handed to its drainer
 * exactly once until the drainer took note of it.
 */
public final class Outbox {
  /** What a waiting frame costs beside its bytes. */
  static final int OVERHEAD = 32;

  /**
   * Bits above all byte counts: while one is set, {@link #append} refuses, so that the path without
   * a backlog has nothing more to ask. {@link #BACKLOG} also says that there is no room.
   */
  static final long PACED = 1L << 40;

  static final long BACKLOG = 1L << 41;
  private static final long BYTES = PACED - 1;

  private static final Frame NOTHING = Frame.control(new byte[0]);

  /** A frame in the list of a single outbox. */
  static final class Node {
    final Frame frame;

    /** Nothing behind this one is written: the connection ends with it. */
    final boolean ending;

    Node next;

    Node(Frame frame, boolean ending) {
      this.frame = frame;
      this.ending = ending;
    }
  }

  private enum State {
    OPEN,
    CLOSING
  }

  private final Transport transport;
  private final long maxBytes;
  private final Consumer<Outbox> drainer;

  /** Appended and not yet taken, newest first. */
  private final AtomicReference<Node> appended = new AtomicReference<>();

  private final AtomicLong pendingBytes = new AtomicLong();

  private static final int CORKED = 2;

  /** 1 while the drainer knows of this outbox, {@link #CORKED} before it may. */
  private final AtomicInteger scheduled = new AtomicInteger();

  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
  private volatile CloseReason closeReason = CloseReason.NORMAL;

  /** Taken and not yet written, oldest first. The drainer's alone, as is everything below. */
  private Node first;

  private Node last;
  private int offset;
  private boolean closed;

  private volatile Thread roomWaiter;

  /** Told by the drainer that there is room; null while nothing waits for it. */
  private volatile Runnable refill;

  /**
   * The next in the drainer's list of those that are ready; whoever has this outbox there guards
   * it.
   */
  private Outbox nextReady;

  /**
   * An empty outbox.
   *
   * @param transport where the frames go
   * @param maxBytes the bound of what may wait
   * @param drainer is told, by whatever thread appended, that there is something to write; must not
   *     block
   */
  public Outbox(Transport transport, long maxBytes, Consumer<Outbox> drainer) {
    this.transport = transport;
    this.maxBytes = maxBytes;
    this.drainer = drainer;
  }

  /**
   * Holds back what is appended until {@link #uncork}: for a connection that is not ready, and so
   * that its first messages go out in one write. Called before any append.
   */
  public Outbox corked() {
    scheduled.set(CORKED);
    return this;
  }

  /** Lets what was and will be appended go out. Idempotent. */
  public void uncork() {
    if (scheduled.get() == CORKED && scheduled.compareAndSet(CORKED, 1)) {
      drainer.accept(this);
    }
  }

  /** Where the frames go. */
  public Transport transport() {
    return transport;
  }

  /**
   * Appends a frame.
   *
   * @return false when the bound is reached: the frame is not appended, and the caller decides what
   *     becomes of the connection. True also when the outbox is closing, where the frame is
   *     dropped.
   */
  public boolean append(Frame frame) {
    return append(frame, 0);
  }

  /** Appends a frame from behind a barrier that the caller has set. */
  boolean append(Frame frame, long barrier) {
    if (state.get() != State.OPEN) {
      return true;
    }
    long cost = (long) frame.size() + OVERHEAD;
    if (pendingBytes.addAndGet(cost) - barrier > maxBytes) {
      pendingBytes.addAndGet(-cost);
      return false;
    }
    push(new Node(frame, false));
    schedule();
    return true;
  }

  /**
   * Lets the connection end after the closing frame of its format. What was appended before goes
   * first, except for a slow consumer, who gets no more of it. Idempotent: the first reason counts.
   */
  public void close(CloseReason reason) {
    close(reason, transport.format().closing(reason).orElse(NOTHING));
  }

  /** Like {@link #close(CloseReason)}, with a last frame of the caller's. */
  public void close(CloseReason reason, Frame lastFrame) {
    if (begin(reason)) {
      end(new Node(lastFrame, true));
      schedule();
    }
  }

  /**
   * A slow consumer's takes the place of all that was appended, in one step: nothing gets between.
   */
  private void end(Node ending) {
    if (closeReason == CloseReason.SLOW_CONSUMER) {
      appended.set(ending); // what the drainer has taken, it drops itself
    } else {
      push(ending);
    }
  }

  private boolean begin(CloseReason reason) {
    if (!state.compareAndSet(State.OPEN, State.CLOSING)) {
      return false;
    }
    closeReason = reason;
    return true;
  }

  /** Whether {@link #close} was called. */
  public boolean isClosing() {
    return state.get() != State.OPEN;
  }

  /** How many bytes wait. */
  public long pendingBytes() {
    return pendingBytes.get() & BYTES;
  }

  /** Whether at least half of the bound is free, and no backlog waits: a replay goes on. */
  public boolean hasRoom() {
    return (pendingBytes.get() & ~PACED) <= maxBytes / 2;
  }

  /** Whether at least half of the bound is free: a backlog goes on. */
  boolean isHalfFree() {
    return pendingBytes() <= maxBytes / 2;
  }

  /** Sets or lifts barriers; for the backlog, under its lock. */
  void barrier(long change, Runnable whenRoom) {
    refill = whenRoom;
    pendingBytes.addAndGet(change);
  }

  /**
   * Waits until {@link #hasRoom()}. For one thread at a time; blocks.
   *
   * @return false when there was no progress towards it for {@code patience}, or the outbox is
   *     closing
   */
  public boolean awaitRoom(Duration patience) {
    uncork();
    roomWaiter = Thread.currentThread();
    try {
      long before = pendingBytes.get();
      long deadline = System.nanoTime() + patience.toNanos();
      while (!hasRoom() && !isClosing()) {
        long now = pendingBytes.get();
        if (now < before) {
          before = now;
          deadline = System.nanoTime() + patience.toNanos();
        }
        long left = deadline - System.nanoTime();
        if (left <= 0 || Thread.interrupted()) {
          return false;
        }
        LockSupport.parkNanos(this, Math.min(left, 50_000_000L));
      }
      return !isClosing();
    } finally {
      roomWaiter = null;
    }
  }

  /**
   * Has the drainer look again. For a transport that has written a part and can take more now: once
   * for each {@link Transport.Written#PART}, as the outbox must not be handed over twice.
   */
  public void writable() {
    drainer.accept(this);
  }

  private void push(Node node) {
    do {
      node.next = appended.get();
    } while (!appended.compareAndSet(node.next, node));
  }

  private void schedule() {
    if (scheduled.get() == 0 && scheduled.compareAndSet(0, 1)) {
      drainer.accept(this);
    }
  }

  /**
   * Drains what waits, up to the batch's size. Called by the drainer alone.
   *
   * @return whether the outbox has to be drained again without being told
   */
  public boolean drain(FrameBatch batch) {
    take();
    if (closed) {
      discard();
      return false;
    }
    if (first != null) {
      batch.begin(first, offset);
      Transport.Written written = transport.write(batch);
      settle(batch);
      if (written == Transport.Written.PART) {
        return false;
      }
      if (written == Transport.Written.GONE || batch.ended()) {
        closed = true;
        discard();
        if (written == Transport.Written.ALL) {
          transport.close(closeReason);
        }
        return false;
      }
    }
    if (first == null) {
      scheduled.set(0);
      return appended.get() != null && scheduled.compareAndSet(0, 1);
    }
    return true;
  }

  private void settle(FrameBatch batch) {
    first = batch.rest();
    offset = batch.restOffset();
    if (first == null) {
      last = null;
    }
    if (batch.writtenCost() > 0) {
      pendingBytes.addAndGet(-batch.writtenCost());
      Thread waiting = roomWaiter;
      if (waiting != null && hasRoom()) {
        LockSupport.unpark(waiting);
      }
      Runnable waitingFrames = refill;
      if (waitingFrames != null && isHalfFree()) {
        waitingFrames.run();
      }
    }
  }

  private void take() {
    Node newest = appended.get() == null ? null : appended.getAndSet(null);
    Node oldest = null;
    for (Node n = newest; n != null; ) {
      Node next = n.next;
      n.next = oldest;
      oldest = n;
      n = next;
    }
    if (oldest == null) {
      return;
    }
    if (oldest.ending && closeReason == CloseReason.SLOW_CONSUMER) {
      first = offset == 0 ? null : keepOnly(first);
      last = first;
    }
    if (first == null) {
      first = oldest;
    } else {
      last.next = oldest;
    }
    last = newest;
  }

  private static Node keepOnly(Node begun) {
    begun.next = null;
    return begun;
  }

  private void discard() {
    first = null;
    last = null;
    offset = 0;
    pendingBytes.set(0);
  }

  /** For the drainer's list: the next outbox in it. */
  public Outbox nextReady() {
    return nextReady;
  }

  /** For the drainer's list. */
  public void nextReady(Outbox next) {
    nextReady = next;
  }
}
