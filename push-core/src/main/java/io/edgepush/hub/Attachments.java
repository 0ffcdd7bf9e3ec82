package io.edgepush.hub;

import io.edgepush.backplane.Attached;
import io.edgepush.backplane.Backplane;
import io.edgepush.backplane.BackplaneException;
import io.edgepush.model.Problem;
import io.edgepush.model.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Which topics this node has attached: the first subscriber attaches, the last one's leaving
 * detaches after a linger. Attach and detach calls of all topics go to the backplane one after the
 * other, in the order in which they were decided under the partition's lock, and outside of it.
 */
final class Attachments implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Attachments.class.getName());

  private final Backplane backplane;
  private final PartitionState[] partitions;
  private final Function<Topic, Overflow> overflow;
  private final Duration linger;
  private final Duration timeout;
  private final ExecutorService calls =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofVirtual().name("attach-", 0).factory(),
          new ThreadPoolExecutor.DiscardPolicy());
  private final ScheduledExecutorService timer;

  Attachments(
      Backplane backplane,
      PartitionState[] partitions,
      Function<Topic, Overflow> overflow,
      HubConfig config,
      ScheduledExecutorService timer) {
    this.backplane = backplane;
    this.partitions = partitions;
    this.overflow = overflow;
    this.linger = config.linger();
    this.timeout = config.attachTimeout();
    this.timer = timer;
  }

  /**
   * Makes topics live on this node and reserves them. Blocks until they are.
   *
   * @param beforeWaiting called when it has to wait
   * @throws io.edgepush.model.ProblemException {@code UNAVAILABLE} when the backplane fails or does
   *     not answer in time; nothing is reserved then
   */
  List<TopicFeed> reserve(Collection<Topic> topics, Runnable beforeWaiting) {
    List<TopicFeed> feeds = new ArrayList<>(topics.size());
    for (Topic topic : topics) {
      feeds.add(reserve(topic));
    }
    CompletableFuture<Void> live =
        CompletableFuture.allOf(
            feeds.stream().map(f -> f.attached).toArray(CompletableFuture[]::new));
    if (!live.isDone()) {
      beforeWaiting.run();
    }
    try {
      live.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return feeds;
    } catch (ExecutionException | TimeoutException e) {
      feeds.forEach(this::release);
      throw unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      feeds.forEach(this::release);
      throw unavailable(e);
    }
  }

  private TopicFeed reserve(Topic topic) {
    PartitionState partition = partitions[topic.partition(partitions.length)];
    partition.lock.lock();
    try {
      TopicFeed known = partition.topics.get(topic);
      if (known != null) {
        known.users++;
        return known;
      }
      TopicFeed feed = new TopicFeed(topic, partition);
      feed.users = 1;
      feed.overflow = overflow.apply(topic);
      partition.topics.put(topic, feed);
      calls.execute(() -> attach(feed));
      return feed;
    } finally {
      partition.lock.unlock();
    }
  }

  private void attach(TopicFeed feed) {
    backplane
        .attach(feed.topic)
        .whenComplete(
            (attached, failure) -> {
              if (failure == null) {
                live(feed, attached);
                feed.attached.complete(null);
              } else {
                forget(feed);
                feed.attached.completeExceptionally(failure);
              }
            });
  }

  /** Runs in the backplane's order: after every event up to the head and before every later one. */
  private void live(TopicFeed feed, Attached attached) {
    feed.partition.lock.lock();
    try {
      feed.knowLast(attached.last());
      feed.partition.advance(attached.head());
    } finally {
      feed.partition.lock.unlock();
    }
  }

  private void forget(TopicFeed feed) {
    feed.partition.lock.lock();
    try {
      if (feed.partition.topics.remove(feed.topic, feed)) {
        calls.execute(
            () -> backplane.detach(feed.topic)); // the attach may have been carried out in part
      }
    } finally {
      feed.partition.lock.unlock();
    }
  }

  /** Gives a reservation back. */
  void release(TopicFeed feed) {
    feed.partition.lock.lock();
    try {
      if (--feed.users == 0) {
        int idle = ++feed.idleCount;
        var _ =
            timer.schedule(
                () -> detachIfIdle(feed, idle), linger.toMillis(), TimeUnit.MILLISECONDS);
      }
    } finally {
      feed.partition.lock.unlock();
    }
  }

  private void detachIfIdle(TopicFeed feed, int idle) {
    feed.partition.lock.lock();
    try {
      if (feed.users == 0
          && feed.idleCount == idle
          && feed.partition.topics.remove(feed.topic, feed)) {
        calls.execute(() -> backplane.detach(feed.topic));
      }
    } finally {
      feed.partition.lock.unlock();
    }
  }

  private static RuntimeException unavailable(Exception e) {
    Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
    LOG.log(System.Logger.Level.WARNING, "topics could not be attached: {0}", cause.toString());
    long retryAfterMs =
        cause instanceof BackplaneException b ? Math.max(1, b.retryAfterMs()) : 1_000;
    return Problem.retryable(
            Problem.Code.UNAVAILABLE, "the event store does not answer", retryAfterMs)
        .exception();
  }

  @Override
  public void close() {
    calls.shutdownNow();
  }
}
