package io.edgepush.service.redis;

import io.edgepush.backplane.BackplaneException;
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
import java.util.function.Function;

/**
 * Calls the publishing script. A list becomes one call for each partition, or several if it is
 * long, of which each waits for the one before it, so that the order of the list holds whatever
 * fails in between.
 */
final class Publisher {
  /** A call blocks the server: at most so many events, and so many bytes unless one has more. */
  private static final int MOST_EVENTS = 128;

  private static final int MOST_BYTES = 256 << 10;
  private static final Policy CHECK =
      Policy.of(new Policy.Case(new Retention(Duration.ZERO, 0, 0), false, false));

  private final Keys keys;
  private final Lanes lanes;
  private final long timeoutNanos;
  private final Function<Topic, Retention> retention;
  private final Map<Policy.Case, Policy> policies = new ConcurrentHashMap<>();

  private record Entry(Publication publication, CompletableFuture<Published> answer) {}

  Publisher(Keys keys, Lanes lanes, long timeoutNanos, Function<Topic, Retention> retention) {
    this.keys = keys;
    this.lanes = lanes;
    this.timeoutNanos = timeoutNanos;
    this.retention = retention;
  }

  List<CompletableFuture<Published>> publish(List<Publication> publications) {
    long deadline = System.nanoTime() + timeoutNanos;
    List<CompletableFuture<Published>> answers = new ArrayList<>(publications.size());
    Map<Integer, List<Entry>> byPartition = new TreeMap<>();
    for (Publication publication : publications) {
      CompletableFuture<Published> answer = new CompletableFuture<>();
      answers.add(answer);
      byPartition
          .computeIfAbsent(keys.partition(publication.topic()), _ -> new ArrayList<>())
          .add(new Entry(publication, answer));
    }
    byPartition.forEach((partition, entries) -> publish(partition, entries, deadline));
    return answers;
  }

  private void publish(int partition, List<Entry> entries, long deadline) {
    PublishCall call = new PublishCall(keys, partition);
    for (Entry entry : entries) {
      if (call.size() == MOST_EVENTS || call.bytes() >= MOST_BYTES) {
        break;
      }
      call.add(entry.publication(), policy(entry.publication()));
    }
    List<Entry> called = entries.subList(0, call.size());
    List<Entry> rest = entries.subList(call.size(), entries.size());
    Command command = call.command(deadline);
    lanes
        .send(partition, command)
        .whenComplete(
            (reply, failure) -> {
              answer(call, called, command, reply, failure);
              if (!rest.isEmpty()) {
                publish(partition, rest, deadline);
              }
            });
  }

  private Policy policy(Publication publication) {
    Retention kept = retention.apply(publication.topic());
    boolean fits = publication.content().data().length <= kept.bytes();
    return policies.computeIfAbsent(
        new Policy.Case(kept, publication.keyGiven(), fits), Policy::of);
  }

  private static void answer(
      PublishCall call, List<Entry> entries, Command command, Object reply, Throwable failure) {
    List<Published> published = List.of();
    BackplaneException why = null;
    try {
      if (failure == null) {
        published = call.published((byte[]) reply, command.sends() > 1);
      } else {
        why = Faults.of(failure);
      }
    } catch (RuntimeException e) {
      why = new BackplaneException("an answer that was not expected", e, true, 0);
    }
    for (int i = 0; i < entries.size(); i++) {
      CompletableFuture<Published> answer = entries.get(i).answer();
      if (why == null) {
        answer.complete(published.get(i));
      } else {
        answer.completeExceptionally(why);
      }
    }
  }

  /** Publishes to a channel as events are published, without a topic. */
  CompletableFuture<Object> check(int partition, String channel, String body) {
    long deadline = System.nanoTime() + timeoutNanos;
    return lanes.send(
        partition, PublishCall.check(keys, partition, channel, body, CHECK, deadline));
  }
}
