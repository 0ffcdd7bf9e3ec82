package io.edgepush.service.redis;

import io.edgepush.backplane.Published;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Publishes events, each behind those of its partition that came before. Safe for any thread. */
final class Publisher {
  private static final int OVERHEAD = 64;
  private static final Policy CHECK =
      Policy.of(new Policy.Case(new Retention(Duration.ZERO, 0, 0), false, false));

  private final RedisContext context;
  private final Lanes lanes;
  private final Function<Topic, Retention> retention;
  private final Map<Policy.Case, Policy> policies = new ConcurrentHashMap<>();
  private final List<PublishQueue> queues;
  private final AtomicLong bytes = new AtomicLong();

  Publisher(RedisContext context, Lanes lanes, Function<Topic, Retention> retention) {
    this.context = context;
    this.lanes = lanes;
    this.retention = retention;
    queues =
        IntStream.range(0, context.keys().partitions())
            .mapToObj(p -> new PublishQueue(p, context.keys(), lanes))
            .toList();
  }

  /** Publishes events; returns a stage for each, in the same order. */
  List<CompletableFuture<Published>> publish(List<Publication> publications) {
    long deadline = deadline();
    List<CompletableFuture<Published>> answers = new ArrayList<>(publications.size());
    Map<Integer, List<PublishQueue.Entry>> byPartition = new TreeMap<>();
    for (Publication publication : publications) {
      Policy policy = policy(publication);
      CompletableFuture<Published> answer = new CompletableFuture<>();
      answers.add(answer);
      if (fits(publication, answer)) {
        byPartition
            .computeIfAbsent(context.keys().partition(publication.topic()), _ -> new ArrayList<>(1))
            .add(new PublishQueue.Entry(publication, policy, answer, deadline));
      }
    }
    byPartition.forEach((partition, entries) -> queues.get(partition).add(entries));
    return answers;
  }

  /** Whether there is room for one more until it is answered; otherwise it fails. */
  private boolean fits(Publication publication, CompletableFuture<Published> answer) {
    int size = OVERHEAD + publication.content().data().length;
    boolean fits = bytes.addAndGet(size) <= context.config().queueBytes();
    answer.whenComplete((_, _) -> bytes.addAndGet(-size));
    if (!fits) {
      context.counters().overloads.increment();
      answer.completeExceptionally(Faults.overload());
    }
    return fits;
  }

  private long deadline() {
    return System.nanoTime() + context.config().timeout().toNanos();
  }

  private Policy policy(Publication publication) {
    Retention kept = retention.apply(publication.topic());
    boolean fits = publication.content().data().length <= kept.bytes();
    return policies.computeIfAbsent(
        new Policy.Case(kept, publication.keyGiven(), fits), Policy::of);
  }

  /** Bytes of events without answer. */
  long bytes() {
    return bytes.get();
  }

  /** Fails what waits for too long. */
  void tick(long now) {
    queues.forEach(queue -> queue.tick(now));
  }

  /** Publishes to a channel as events are published, without a topic. */
  CompletableFuture<Object> check(int partition, String channel, String body) {
    return lanes.send(
        partition, PublishCall.check(context.keys(), partition, channel, body, CHECK, deadline()));
  }
}
