package io.edgepush.backplane;

import io.edgepush.model.EventId;
import io.edgepush.model.Position;
import io.edgepush.model.Publication;
import io.edgepush.model.Retention;
import io.edgepush.model.Revocation;
import io.edgepush.model.Topic;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The backplane of a single node: all events are in this process's memory and gone with it. It
 * needs nothing, and it reaches no other node.
 *
 * <p>Every method computes in memory, does no I/O and returns stages that are complete already. It
 * takes the lock of the partition concerned, which guards all that the partition knows, and calls
 * the {@link Backplane.Listener} while it holds it, on the publisher's thread: that is what makes
 * the order of the calls the order of the positions. {@link Backplane.Listener#onGap} is never
 * called, because nothing gets lost on the way.
 *
 * <p>A topic's last position is kept for 24 hours after its last event, and for as long as an event
 * is retained. Later a position 24 hours ago stands in for it, so a cursor older than that gets a
 * gap, though perhaps nothing was lost.
 *
 * <p>Idempotency keys given by publishers are kept for 5 minutes, at most 524,288 of them; others
 * for 30 seconds, at most 32,768. Beyond that the oldest are forgotten, and a repeat with one of
 * those is a new event.
 */
public final class MemoryBackplane implements Backplane {
  private final Function<Topic, Retention> retention;
  private final List<MemoryPartition> partitions;
  private final MemoryRevocations revocations;
  private volatile Listener listener;

  /**
   * Creates an empty store with a new epoch in each partition.
   *
   * @param partitions the number of partitions, 1 to 16,384
   * @param retention how much of a topic's history to keep; asked at each publish, on the
   *     publisher's thread and under no lock
   * @param clock the time of day in milliseconds; it may go back, positions do not
   */
  public MemoryBackplane(
      int partitions, Function<Topic, Retention> retention, InstantSource clock) {
    if (partitions < 1 || partitions > EventId.MAX_PARTITIONS) {
      throw new IllegalArgumentException("partitions: 1 to " + EventId.MAX_PARTITIONS);
    }
    this.retention = retention;
    this.revocations = new MemoryRevocations(clock);
    this.partitions =
        IntStream.range(0, partitions)
            .mapToObj(number -> new MemoryPartition(number, partitions, clock))
            .toList();
  }

  @Override
  public int partitions() {
    return partitions.size();
  }

  @Override
  public void start(Listener listener) {
    this.listener = listener;
    partitions.forEach(partition -> partition.start(listener));
  }

  @Override
  public List<CompletionStage<Published>> publish(List<Publication> publications) {
    List<CompletionStage<Published>> stages = new ArrayList<>(publications.size());
    int done = 0;
    while (done < publications.size()) {
      MemoryPartition partition = partition(publications.get(done).topic());
      int end = done + 1;
      while (end < publications.size() && partition(publications.get(end).topic()) == partition) {
        end++;
      }
      publish(partition, publications.subList(done, end), stages);
      done = end;
    }
    return stages;
  }

  private void publish(
      MemoryPartition partition,
      List<Publication> publications,
      List<CompletionStage<Published>> stages) {
    List<Retention> kept = publications.stream().map(p -> retention.apply(p.topic())).toList();
    try {
      partition
          .publish(publications, kept)
          .forEach(p -> stages.add(CompletableFuture.completedFuture(p)));
    } catch (BackplaneException e) {
      publications.forEach(p -> stages.add(CompletableFuture.failedFuture(e)));
    }
  }

  @Override
  public CompletionStage<Attached> attach(Topic topic) {
    return stage(() -> partition(topic).attach(topic));
  }

  @Override
  public void detach(Topic topic) {
    partition(topic).detach(topic);
  }

  @Override
  public CompletionStage<Replay> replay(Topic topic, Position after, int limit) {
    requirePositive(limit);
    return stage(() -> partition(topic).replay(topic, after, limit));
  }

  @Override
  public CompletionStage<Replay> latest(Topic topic, int limit) {
    requirePositive(limit);
    return stage(() -> partition(topic).latest(topic, limit));
  }

  @Override
  public CompletionStage<TopicState> state(Topic topic) {
    return stage(() -> partition(topic).state(topic));
  }

  @Override
  public CompletionStage<TopicState> purge(Topic topic) {
    return stage(() -> partition(topic).purge(topic));
  }

  @Override
  public CompletionStage<Void> revoke(Revocation revocation) {
    return stage(
        () -> {
          revocations.add(revocation);
          listener.onRevocation(revocation);
          return null;
        });
  }

  @Override
  public CompletionStage<Void> check() {
    return stage(
        () -> {
          partitions.forEach(MemoryPartition::check);
          return null;
        });
  }

  @Override
  public void close() {
    partitions.forEach(MemoryPartition::close);
  }

  private MemoryPartition partition(Topic topic) {
    return partitions.get(topic.partition(partitions.size()));
  }

  private static <T> CompletionStage<T> stage(Supplier<T> answer) {
    try {
      return CompletableFuture.completedFuture(answer.get());
    } catch (BackplaneException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static void requirePositive(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit < 1");
    }
  }
}
