package io.edgepush.service.redis;

import io.edgepush.backplane.Backplane;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * The thread of a {@link PartitionFeed} and the queues before it. Whoever tells it something goes
 * on at once: the thread that reads the subscribing connection never waits for delivery. Live input
 * has a bound in bytes; beyond it messages are dropped and the feed is told so, in place, until
 * half of it is delivered.
 */
final class FeedLoop implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(FeedLoop.class.getName());
  private static final int OVERHEAD = 96;
  private static final int INPUTS_PER_FLUSH = 256;

  private record Queued(FeedInput.Live input, int bytes) {}

  private final int partition;
  private final PartitionFeed feed;
  private final RedisCounters counters;
  private final long bound;
  private final Queue<FeedInput> control = new ConcurrentLinkedQueue<>();
  private final Queue<Queued> live = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final Waiter waiter = new Waiter();
  private final Thread thread;
  private volatile Optional<Subscriber> source = Optional.empty();
  private volatile boolean ticking;
  private volatile boolean closed;
  private volatile int attached;
  private volatile boolean dropping;

  /**
   * A feed and its thread.
   *
   * @param requests gets what the feed asks for, on the feed's thread; must not block
   * @param bound of live input, in bytes
   */
  FeedLoop(
      int partition,
      Backplane.Listener listener,
      BiConsumer<FeedLoop, FeedRequest> requests,
      RedisCounters counters,
      long bound) {
    this.partition = partition;
    this.counters = counters;
    this.bound = bound;
    this.feed =
        new PartitionFeed(
            new Delivery(partition, listener, counters),
            request -> requests.accept(this, request),
            bound,
            System.nanoTime());
    this.thread = Thread.ofVirtual().name("redis-feed-" + partition).unstarted(this::run);
  }

  int partition() {
    return partition;
  }

  void start() {
    thread.start();
  }

  /** Tells the feed something that did not come over the subscribing connection. For any thread. */
  void control(FeedInput input) {
    control.add(input);
    waiter.wake();
    if (closed && !thread.isAlive()) {
      failControl();
    }
  }

  /** Lets time go on for the feed, unless it has yet to take notice of the last time. */
  void tick(long now) {
    if (!ticking) {
      ticking = true;
      control(new FeedInput.Tick(now));
    }
  }

  /**
   * From now on the live input comes over another connection: what comes over others does not
   * count, but for a message that is just being told. The feed finds out what it missed.
   */
  void source(Optional<Subscriber> subscriber) {
    source = subscriber;
    add(new FeedInput.Disconnected(), OVERHEAD);
  }

  private boolean isSource(Subscriber subscriber) {
    return source.isPresent() && source.get() == subscriber;
  }

  /** Tells the feed of a message. For the thread that reads the subscribing connection. */
  void message(Subscriber from, FeedInput.Live input, int size) {
    if (!isSource(from)) {
      return;
    }
    long held = bytes.get();
    if (held + size > bound || dropping && held > bound / 2) {
      counters.dropped.increment();
      if (!dropping) {
        dropping = true;
        LOG.log(
            Level.WARNING,
            "partition {0}: delivery does not keep up, dropping messages",
            partition);
        add(new FeedInput.Dropped(), OVERHEAD);
      }
    } else {
      dropping = false;
      add(input, size + OVERHEAD);
    }
  }

  /** Tells the feed what happened to the connection; never dropped. For the same thread. */
  void event(Subscriber from, FeedInput.Live input) {
    if (isSource(from)) {
      add(input, OVERHEAD);
    }
  }

  private void add(FeedInput.Live input, int size) {
    bytes.addAndGet(size);
    live.add(new Queued(input, size));
    waiter.wake();
  }

  /** Bytes of live input not yet told. */
  long bytes() {
    return bytes.get();
  }

  /** Topics attached, as of a moment ago. */
  int attached() {
    return attached;
  }

  private void run() {
    int inputs = 0;
    while (!closed) {
      FeedInput input = next();
      if (input == null || ++inputs % INPUTS_PER_FLUSH == 0) {
        tell(feed::flush);
      }
      if (input == null) {
        attached = feed.attached();
        waiter.await(() -> closed || !control.isEmpty() || feed.takesLive() && !live.isEmpty());
      } else {
        tell(() -> feed.on(input));
      }
    }
    feed.close();
    failControl();
  }

  private FeedInput next() {
    FeedInput first = control.poll();
    if (first instanceof FeedInput.Tick) {
      ticking = false;
    }
    if (first != null || !feed.takesLive()) {
      return first;
    }
    Queued queued = live.poll();
    if (queued == null) {
      return null;
    }
    bytes.addAndGet(-queued.bytes());
    return queued.input();
  }

  private void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "partition " + partition + ": input that was not expected", e);
    }
  }

  private void failControl() {
    for (FeedInput input = control.poll(); input != null; input = control.poll()) {
      if (input instanceof FeedInput.Attach attach) {
        attach.answer().completeExceptionally(Faults.closed());
      }
    }
  }

  /**
   * Ends the thread; the listener is not called any more. Idempotent; waits for a call that is
   * under way.
   */
  @Override
  public void close() {
    closed = true;
    waiter.wake();
    if (thread.getState() == Thread.State.NEW || thread == Thread.currentThread()) {
      failControl();
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
