package io.edgepush.service.shedding;

import io.edgepush.hub.Overflow;
import io.edgepush.model.Problem;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Looks at the load from time to time, and says what is to be shed. {@link #look} is for one
 * thread; the rest for any, and never waits.
 */
public final class LoadShedder {
  /** How often to look. */
  public static final Duration LOOK = Duration.ofMillis(500);

  private static final System.Logger LOG = System.getLogger(LoadShedder.class.getName());

  /** How many times fewer samples are sent. */
  private static final int SAMPLED_LESS = 4;

  /** Within which time those who are refused come again, spread. */
  private static final long LEAST_RETRY_MS = 2_000;

  private static final long MOST_RETRY_MS = 8_000;

  /** Without garbage being collected for so long, a heap that was full may be empty long since. */
  private static final Duration STALE = Duration.ofSeconds(30);

  private final LoadMeter meter;
  private final Supplier<Marks> marks;
  private final Runnable samplesChanged;
  private final Map<Step, LongAdder> refused = new EnumMap<>(Step.class);
  private volatile Judgement judgement = Judgement.begin(System.nanoTime());
  private volatile Load load = Load.NONE;
  private volatile boolean ending;
  private long collections;
  private long collectedNanos = System.nanoTime();

  /**
   * A shedder that has not looked yet.
   *
   * @param marks those that hold now
   * @param samplesChanged is called by {@link #look} when what {@link #sampled} answers changes
   */
  public LoadShedder(LoadMeter meter, Supplier<Marks> marks, Runnable samplesChanged) {
    this.meter = meter;
    this.marks = marks;
    this.samplesChanged = samplesChanged;
    refused.put(Step.CONNECTIONS, new LongAdder());
    refused.put(Step.PUBLISHES, new LongAdder());
  }

  /** Looks at the load, and changes what is shed. */
  public void look() {
    try {
      long now = System.nanoTime();
      load = meter.look();
      Judgement before = judgement;
      judgement = before.next(load, marks.get(), now);
      changed(before.step(), judgement.step());
      collectWhenStale(now);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "looking at the load failed", e);
    }
  }

  private void changed(Step before, Step now) {
    if (before == now) {
      return;
    }
    LOG.log(
        now == Step.NONE ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
        "load shedding: {0}; {1}",
        now.description(),
        loadText());
    if (Step.SAMPLES.isReachedBy(before) != Step.SAMPLES.isReachedBy(now)) {
      samplesChanged.run();
    }
  }

  private String loadText() {
    return "CPU %.0f %%, heap %.0f %%, outboxes %d bytes"
        .formatted(load.cpu() * 100, load.heap() * 100, load.outboxBytes());
  }

  /**
   * What the heap holds is known only when garbage was collected, which a quiet node may not do.
   */
  private void collectWhenStale(long now) {
    long count = meter.collections();
    boolean waitsForHeap = step() != Step.NONE && marks.get().heldBy(load) == Step.CONNECTIONS;
    if (count != collections || !waitsForHeap) {
      collections = count;
      collectedNanos = now;
    } else if (now - collectedNanos > STALE.toNanos()) {
      collectedNanos = now;
      System.gc();
    }
  }

  /** From now on publishes are refused: the node ends. */
  public void end() {
    ending = true;
  }

  /** What is shed. */
  public Step step() {
    return judgement.step();
  }

  /** The load at the last look. */
  public Load load() {
    return load;
  }

  /** What is shed and why, as a clause; empty when nothing is. */
  public Optional<String> report() {
    Step now = step();
    return now == Step.NONE
        ? Optional.empty()
        : Optional.of("load shedding: " + now.description() + "; " + loadText());
  }

  /** How much was refused, by the step that refuses it; not modifiable. */
  public Map<Step, LongAdder> refused() {
    return Collections.unmodifiableMap(refused);
  }

  /** Why a new connection is refused; empty when it is not. Counts it. */
  public Optional<Problem> connectionRefusal() {
    return refusal(Step.CONNECTIONS, "the node has too much to do to take new connections");
  }

  /** Why a publish is refused; empty when it is not. Counts it. */
  public Optional<Problem> publishRefusal() {
    if (ending) {
      return Optional.of(unavailable("the node is about to end; nothing was stored", 1_000));
    }
    return refusal(Step.PUBLISHES, "the node has too much to do to publish; nothing was stored");
  }

  private Optional<Problem> refusal(Step what, String detail) {
    if (!what.isReachedBy(step())) {
      return Optional.empty();
    }
    refused.get(what).increment();
    long retryMs = ThreadLocalRandom.current().nextLong(LEAST_RETRY_MS, MOST_RETRY_MS);
    return Optional.of(unavailable(detail, retryMs));
  }

  private static Problem unavailable(String detail, long retryMs) {
    return Problem.retryable(Problem.Code.UNAVAILABLE, detail, retryMs);
  }

  /** What becomes of events under the load of now, by what is configured. */
  public Overflow sampled(Overflow configured) {
    return Step.SAMPLES.isReachedBy(step()) ? configured.sampledLess(SAMPLED_LESS) : configured;
  }
}
