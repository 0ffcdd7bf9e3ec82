package io.edgepush.bench.load;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** The subscribers of a run, on their threads. For one caller's thread. */
public final class Subscribers implements AutoCloseable {
  private static final long NEVER_TWICE = 20_251_101;

  private final Plan plan;
  private final boolean deaf;
  private final String run;
  private final List<ClientLoop> loops;
  private final List<List<Connection>> byLoop = new ArrayList<>();
  private final int[] perTopic;
  private final InetSocketAddress address;

  /**
   * Not connected yet.
   *
   * @param live how many of them have the latency of their events recorded; the first ones
   * @param follow whether they keep their cursor
   */
  public Subscribers(Plan plan, int live, boolean follow) {
    this(
        plan,
        live,
        follow,
        false,
        HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt(), 6));
  }

  private Subscribers(Plan plan, int live, boolean follow, boolean deaf, String run) {
    this.plan = plan;
    this.deaf = deaf;
    this.run = run;
    this.address = plan.target().subscribe().address();
    this.perTopic = new int[plan.crowd().topics()];
    this.loops =
        IntStream.range(0, plan.crowd().threads())
            .mapToObj(i -> new ClientLoop("subscribers-" + i))
            .toList();
    loops.forEach(loop -> byLoop.add(new ArrayList<>()));
    Random random = new Random(NEVER_TWICE);
    for (int i = 0; i < plan.crowd().connections(); i++) {
      int of = i % loops.size();
      byLoop.get(of).add(connection(i, loops.get(of), i < live, follow, random));
    }
  }

  /** Those that subscribe the same topics and never read; not connected yet. */
  public Subscribers stuck() {
    Plan theirs = new Plan(plan.target(), plan.crowd().of(plan.crowd().stuck()), plan.traffic());
    return new Subscribers(theirs, 0, false, true, run);
  }

  private Connection connection(
      int number, ClientLoop loop, boolean measured, boolean follow, Random random) {
    int[] topics = topics(number, random);
    for (int topic : topics) {
      perTopic[topic]++;
    }
    Wire wire = plan.crowd().transport().wire();
    Subscription subscription =
        Subscription.of(
            plan.target().subscribe(),
            address,
            wire,
            plan.target().token(),
            IntStream.of(topics).mapToObj(t -> Template.topic(run, t)).toList());
    Inbox inbox =
        new Inbox(
            new Ledger(topics, plan.traffic().publishers()),
            loop.counts(),
            measured,
            follow || wire.repeats());
    return new Connection(subscription, inbox, loop.counts(), deaf);
  }

  /** One topic: in turn. Several: drawn, so that hardly two connections have the same. */
  private int[] topics(int number, Random random) {
    if (plan.crowd().topicsPerConnection() == 1) {
      return new int[] {number % plan.crowd().topics()};
    }
    int[] drawn =
        random
            .ints(0, plan.crowd().topics())
            .distinct()
            .limit(plan.crowd().topicsPerConnection())
            .toArray();
    Arrays.sort(drawn);
    return drawn;
  }

  /** Opens all, or all but the first ones, at a rate; those that are open drop and resume. */
  public void open(int from, double perSecond) {
    long start = System.nanoTime();
    for (int i = 0; i < loops.size(); i++) {
      List<Connection> mine = byLoop.get(i);
      int first = Math.min(mine.size(), (from + loops.size() - 1 - i) / loops.size());
      loops
          .get(i)
          .open(mine.subList(first, mine.size()), new Schedule(start, perSecond / loops.size()));
    }
  }

  /** Starts to publish on the topics of these subscribers. */
  public PublishLoop publish() {
    Template template =
        plan.target().broadcast()
            ? Template.broadcast(
                plan.target().publish(), plan.crowd().transport(), run, plan.traffic().size())
            : Template.api(
                plan.target().publish(),
                plan.target().key(),
                run,
                plan.traffic().size(),
                plan.traffic().batch());
    return new PublishLoop(
        plan.target().publish(),
        template,
        plan.traffic().publishers(),
        plan.crowd().topics(),
        plan.traffic().rate());
  }

  /** The counts of all threads, as of a few milliseconds ago. */
  public Counts.Snapshot counts() {
    return loops.stream()
        .map(loop -> loop.counts().published())
        .reduce(Counts.Snapshot::plus)
        .orElseThrow();
  }

  /** Waits until what was asked before is done. */
  public void sync() {
    loops.forEach(ClientLoop::sync);
  }

  /** Adds the latencies since this was asked before. */
  public void addLatency(Histogram to) {
    loops.forEach(loop -> to.add(loop.counts().latency().getIntervalHistogram()));
  }

  /** Adds how long connections took to be subscribed, since this was asked before. */
  public void addReadiness(Histogram to) {
    loops.forEach(loop -> to.add(loop.counts().readiness().getIntervalHistogram()));
  }

  /** How many deliveries these publications come to. */
  public long expected(long[] publishedPerTopicAndLane) {
    long expected = 0;
    int lanes = publishedPerTopicAndLane.length / plan.crowd().topics();
    for (int i = 0; i < publishedPerTopicAndLane.length; i++) {
      expected += publishedPerTopicAndLane[i] * perTopic[i / lanes];
    }
    return expected;
  }

  /** How many of them did not arrive; after {@link #close()}. */
  public long lost(long[] publishedPerTopicAndLane) {
    return byLoop.stream()
        .flatMap(List::stream)
        .mapToLong(c -> c.inbox().ledger().lost(publishedPerTopicAndLane))
        .sum();
  }

  @Override
  public void close() {
    loops.forEach(ClientLoop::close);
  }
}
