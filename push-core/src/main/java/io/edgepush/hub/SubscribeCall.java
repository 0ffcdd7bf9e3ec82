package io.edgepush.hub;

import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.BackplaneException;
import io.edgepush.model.Problem;
import io.edgepush.model.Topic;
import io.edgepush.wire.Start;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The steps of one subscribe, on the thread that asked for it. */
final class SubscribeCall {
  private static final long READ_TIMEOUT_MS = 10_000;

  private final Session session;
  private final Backplane backplane;
  private final HubStatistics statistics;
  private final List<PartitionReplay> partitions = new ArrayList<>();

  SubscribeCall(Session session, Backplane backplane, HubStatistics statistics) {
    this.session = session;
    this.backplane = backplane;
    this.statistics = statistics;
  }

  /**
   * Adds the subscriptions; when the session has ended, returns the reservations that were not
   * used.
   */
  List<TopicFeed> register(Collection<TopicFeed> feeds, Start start, long maxHeldBytes) {
    Map<PartitionState, List<TopicFeed>> byPartition = new LinkedHashMap<>();
    for (TopicFeed feed : feeds) {
      byPartition.computeIfAbsent(feed.partition, _ -> new ArrayList<>()).add(feed);
    }
    for (Map.Entry<PartitionState, List<TopicFeed>> entry : byPartition.entrySet()) {
      PartitionReplay replay =
          new PartitionReplay(session, entry.getKey(), entry.getValue(), start, maxHeldBytes);
      partitions.add(replay);
    }
    List<TopicFeed> unused = new ArrayList<>();
    for (PartitionReplay replay : partitions) {
      replay.register(backplane);
      unused.addAll(replay.unused());
    }
    return unused;
  }

  /** Reads the first pages; then the session's cursor says where it begins. */
  void load() {
    List<CompletionStage<Void>> reads = new ArrayList<>();
    for (PartitionReplay partition : partitions) {
      if (partition.reads()) {
        reads.add(partition.load());
      }
    }
    if (!reads.isEmpty()) {
      statistics.replays().increment();
      if (!reads.stream().allMatch(read -> read.toCompletableFuture().isDone())) {
        session.outbox().uncork(); // what is there already does not wait for the store
      }
      reads.forEach(SubscribeCall::await);
    }
  }

  /** Delivers what was read and goes live; false when it had to stop before the end. */
  boolean deliver() {
    for (PartitionReplay partition : partitions) {
      long delivered = partition.deliver();
      if (delivered < 0) {
        return false;
      }
      statistics.replayedEvents().add(delivered);
      statistics.deliveries().add(delivered);
    }
    partitions.forEach(PartitionReplay::goLive);
    return true;
  }

  /**
   * Waits for a read.
   *
   * @throws io.edgepush.model.ProblemException {@code UNAVAILABLE} when it fails or takes too long
   */
  static void await(CompletionStage<Void> read) {
    try {
      read.toCompletableFuture().get(READ_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e);
    } catch (ExecutionException | TimeoutException | CompletionException e) {
      throw unavailable(e);
    }
  }

  private static RuntimeException unavailable(Exception e) {
    long retryAfterMs =
        e.getCause() instanceof BackplaneException b ? Math.max(1, b.retryAfterMs()) : 1_000;
    return Problem.retryable(
            Problem.Code.UNAVAILABLE, "the event store does not answer", retryAfterMs)
        .exception();
  }

  /** The topics that are new to the session, in their order. */
  static List<Topic> fresh(Session session, Collection<Topic> topics) {
    return topics.stream().filter(t -> !session.subscribed(t)).distinct().toList();
  }
}
